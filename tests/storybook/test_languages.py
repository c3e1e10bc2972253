from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.errors import PromptError
from kinema.storybook.catalogue import catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.invention import invent
from kinema.storybook.languages import english, say
from kinema.storybook.languages.tables import LANGUAGES, table
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.reader import read
from kinema.storybook.remix import remix
from kinema.storybook.sampler import sample
from kinema.storybook.scene import Actor, Beat, Scene

SAME = {
    "es": "Dos gatos pequeños duermen en la cocina por la noche",
    "fr": "Deux petits chats dorment dans la cuisine, la nuit",
    "de": "Zwei kleine Katzen schlafen nachts in der Küche",
    "pt": "Dois gatos pequenos dormem na cozinha à noite",
    "it": "Due piccoli gatti dormono in cucina di notte",
    "zh": "夜里两只小小的猫在厨房睡觉",
    "ja": "夜、台所で二匹の小さい猫が眠っている",
    "hi": "रात में रसोई में दो छोटी बिल्ली सो रही है",
    "ar": "قطتان صغيرتان تنامان في المطبخ ليلا",
}
CHASES = {
    "es": "Un perro negro persigue a un gato blanco",
    "fr": "Un chien noir poursuit un chat blanc",
    "de": "Ein schwarzer Hund jagt eine weiße Katze",
    "pt": "Um cachorro preto persegue um gato branco",
    "it": "Un cane nero insegue un gatto bianco",
    "zh": "一只黑色的狗追一只白色的猫",
    "ja": "黒い犬が白い猫を追いかけている",
    "hi": "एक काला कुत्ता एक सफेद बिल्ली का पीछा कर रहा है",
    "ar": "كلب أسود يطارد قطة بيضاء",
}


def each(prompts: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("code", "prompt"), prompts.items(), ids=prompts.keys())


@each(SAME)
def test_two_small_cats_sleep_in_the_kitchen_at_night_in_every_language(code: str, prompt: str):
    reading = read(prompt)
    scene = reading.scene
    assert reading.language == code
    assert [actor.subject for actor in scene.actors] == ["cat", "cat"]
    assert (scene.setting, scene.time) == ("kitchen", "night")
    assert {actor.beats[0].action for actor in scene.actors} == {"sleep"}


@each(CHASES)
def test_who_chases_whom_and_in_which_colour(code: str, prompt: str):
    dog, cat = read(prompt).scene.actors
    assert (dog.subject, dog.colour) == ("dog", "black")
    assert (cat.subject, cat.colour) == ("cat", "white")
    assert (dog.beats[0].action, dog.beats[0].target) == ("chase", cat.id)


@each(CHASES)
def test_words_lie_where_the_prompt_has_them(code: str, prompt: str):
    words = read(prompt).words
    assert all(prompt[word.start : word.end] == word.text for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    found = next(word for word in words if word.value == "dog")
    assert found.text in ("perro", "chien", "Hund", "cachorro", "cane", "狗", "犬", "कुत्ता", "كلب")


@pytest.mark.parametrize(
    "prompt",
    ["a fox in a forest", "no", "zzyzx blorp fox", "8 bit robot", "Ein fox?", "una", "", "..."],
)
def test_english_stays_english_and_is_not_touched(prompt: str):
    gloss = english(prompt)
    assert gloss.language != "en" or gloss.text == prompt


@given(st.lists(st.sampled_from(sorted(lexicon().senses)), max_size=12).map(" ".join))
@settings(max_examples=80, deadline=None)
def test_words_of_the_world_are_english(prompt: str):
    assert english(prompt).language == "en"


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_soup_of_a_language_is_read_or_refused(data: st.DataObject):
    code = data.draw(st.sampled_from(LANGUAGES))
    own = table(code)
    words = data.draw(st.lists(st.sampled_from(sorted(own.glosses)), min_size=1, max_size=10))
    prompt = (" " if own.spaces else "").join(words)
    try:
        reading = read(prompt)
    except PromptError:
        return
    assert all(prompt[word.start : word.end] == word.text for word in reading.words)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_gloss_is_english_that_the_reader_knows(code: str):
    known = lexicon().words
    for gloss in {*table(code).glosses.values(), *table(code).posts.values()}:
        if gloss.startswith("@"):
            continue
        missing = [word for word in phrase_key(gloss).split() if word not in known]
        assert missing in ([], ["moves"]), gloss


def test_no_subject_of_the_file_of_names_has_left_the_catalogue():
    for code in LANGUAGES:
        own = table(code)
        assert {own.glosses[name] for name in own.names} & set(catalogue().subjects)


def test_an_unknown_foreign_word_is_named_as_it_stands():
    reading = read("un zorro corre por la calle con un xilópalo")
    assert any("'xilópalo'" in note for note in reading.notes)
    assert reading.scene.actors[0].subject == "fox"


def test_a_remix_understands_other_languages():
    scene = read("a fox walks in a forest").scene
    assert remix(scene, "de noche").scene.time == "night"
    assert remix(scene, "mach es zur Nacht").scene.time == "night"


@pytest.mark.parametrize(
    ("prompt", "subject", "material"),
    [
        ("un dragón de cristal vuela", "dragon", "glass"),
        ("un renard en or danse", "fox", "gold"),
        ("ein Fuchs aus Gold", "fox", "gold"),
        ("uma raposa de ouro", "fox", "gold"),
        ("una volpe d'oro", "fox", "gold"),
        ("镀铬的机器人", "robot", "chrome"),
        ("ガラスの象が歩く", "elephant", "glass"),
        ("मिट्टी का हाथी चलता है", "elephant", "clay"),
        ("فيل زجاجي", "elephant", "glass"),
    ],
)
def test_materials_are_read_in_every_language(prompt: str, subject: str, material: str):
    (actor,) = read(prompt).scene.actors
    assert (actor.subject, actor.material) == (subject, material)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_said_in_a_language_reads_back(code: str):
    right = found = 0
    for seed in range(400):
        scene = invent(Dice(seed, ("say", code)))
        said = say(scene, code)
        if said is None:
            continue
        found += 1
        lead, shown = scene.actors[0], read(said.text)
        assert shown.language == code, said.text
        right += shown.scene.setting == scene.setting and (
            (lead.subject, lead.beats[0].action)
            in [(actor.subject, actor.beats[0].action) for actor in shown.scene.actors[:1]]
        )
        if found == 30:
            break
    assert found == 30
    assert right >= 27


def test_colours_and_light_are_said_where_they_are_seen():
    fox = Actor(id="fox-1", subject="fox", colour="blue", beats=(Beat(action="run"),))
    scene = Scene(setting="forest", time="night", weather="rain", actors=(fox,))
    said = say(scene, "de")
    assert said is not None
    assert said.text == "Fuchs in Blau rennt im Wald bei Nacht im Regen."
    pencil = say(msgspec.structs.replace(scene, style="pencil"), "de")
    assert pencil is not None
    assert pencil.text == "Fuchs rennt im Wald im Regen."
    assert "colour" in said.told
    assert "colour" not in pencil.told


def test_a_crowd_is_not_said():
    ducks = tuple(
        Actor(id=f"duck-{n}", subject="duck", group="ducks", beats=(Beat(action="swim"),))
        for n in (1, 2)
    )
    assert say(Scene(setting="lake", actors=ducks), "fr") is None


def test_samples_of_other_languages_are_in_other_languages():
    drawn = [sample(seed, split="I") for seed in range(12)]
    assert len({one.caption.template for one in drawn}) > 3
    for one in drawn:
        assert one.caption.template in LANGUAGES
        again = say(one.scene, one.caption.template)
        assert again is not None
        assert one.caption.text == again.text
