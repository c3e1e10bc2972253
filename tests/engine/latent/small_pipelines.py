"""Small pipelines of diffusers with random weights: real classes, whole folders, no download."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch
from tests.models.small import noise, randomised
from tokenizers import Tokenizer, models, pre_tokenizers, processors

diffusers: Any = import_module("diffusers")
transformers: Any = import_module("transformers")

WIDTH = 32
"""Of the text encoder."""

WORDS = ["a", "red", "ball", "rolls", "over", "the", "grey", "lawn", "slowly"]
# In the middle of the published one, so that other means are as good.
MEAN_STD = {"latents_mean": [0.02 * k - 0.1 for k in range(16)], "latents_std": [0.9] * 16}


def tokenizer(length: int) -> Any:
    special = ["<pad>", "</s>", "<unk>"]
    words = {word: i for i, word in enumerate([*special, *WORDS])}
    table = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    table.pre_tokenizer = pre_tokenizers.Whitespace()
    table.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=table,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=length,
    )


def t5(kind: str = "T5") -> Any:
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(WORDS) + 3, d_model=WIDTH, d_kv=8, d_ff=48, num_layers=2, num_heads=4
    )
    return randomised(getattr(transformers, f"{kind}EncoderModel")(config))


def text(length: int) -> dict[str, Any]:
    return {"text_encoder": t5(), "tokenizer": tokenizer(length)}


def _clip() -> Any:
    config = transformers.CLIPTextConfig(
        vocab_size=len(WORDS) + 3, hidden_size=8, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=77, eos_token_id=1, bos_token_id=0,
        pad_token_id=0,
    )  # fmt: skip
    return randomised(transformers.CLIPTextModel(config))


def _language_model(kind: str) -> Any:
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(WORDS) + 3, hidden_size=WIDTH, intermediate_size=48, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=2048,
        bos_token_id=0, eos_token_id=1, pad_token_id=0,
        rope_scaling={"type": "default", "rope_type": "default", "mrope_section": [1, 1, 2]}
        if kind.startswith("Qwen") else None,
    )  # fmt: skip
    name = {"Llama": "LlamaModel", "Qwen2_5_VLText": "Qwen2_5_VLTextModel"}[kind]
    return randomised(getattr(transformers, name)(config))


def _chat_tokenizer() -> Any:
    made = tokenizer(1108)
    made.chat_template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
    return made


def _glyphs() -> Any:
    config = transformers.T5Config(
        vocab_size=384, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2
    )
    return randomised(transformers.T5EncoderModel(config))


def _wan_parts(**vae: Any) -> dict[str, Any]:
    sizes = {"base_dim": 8, "z_dim": 16, "num_res_blocks": 1}
    return {
        "text_encoder": t5("UMT5"),
        "tokenizer": tokenizer(512),
        "vae": randomised(diffusers.AutoencoderKLWan(**{**sizes, **MEAN_STD, **vae})),
    }


def _wan_network(kind: str = "WanTransformer3DModel", seed: int = 0, channels: int = 16) -> Any:
    return randomised(
        getattr(diffusers, kind)(
            num_attention_heads=2, attention_head_dim=24, in_channels=channels,
            out_channels=channels, text_dim=WIDTH, freq_dim=32, ffn_dim=48, num_layers=2,
            rope_max_seq_len=64,
        ),
        seed,
    )  # fmt: skip


def _unipc(shift: float) -> Any:
    return diffusers.UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
    )


class KeepingUniPC(diffusers.UniPCMultistepScheduler):
    """Keeps what it is given: one pipeline writes over the latent that the corrector needs."""

    def step(self, model_output: Any, timestep: Any, sample: Any, **more: Any) -> Any:
        return super().step(model_output, timestep, sample.clone(), **more)


def wan() -> Any:
    return diffusers.WanPipeline(transformer=_wan_network(), scheduler=_unipc(3.0), **_wan_parts())


def wan_experts() -> Any:
    return diffusers.WanPipeline(
        transformer=_wan_network(),
        transformer_2=_wan_network(seed=1),
        boundary_ratio=0.875,
        scheduler=_unipc(3.0),
        **_wan_parts(),
    )


def wan_by_frame() -> Any:
    return diffusers.WanPipeline(
        transformer=_wan_network(),
        expand_timesteps=True,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=5.0),
        **_wan_parts(),
    )


def skyreels() -> Any:
    return diffusers.SkyReelsV2Pipeline(
        transformer=_wan_network("SkyReelsV2Transformer3DModel"),
        scheduler=_unipc(8.0),
        **_wan_parts(),
    )


def skyreels_forcing() -> Any:
    return diffusers.SkyReelsV2DiffusionForcingPipeline(
        transformer=_wan_network("SkyReelsV2Transformer3DModel"),
        scheduler=_unipc(8.0),
        **_wan_parts(),
    )


def ltx(kind: str = "LTXPipeline", *, told: bool = False) -> Any:
    """``told``: a later autoencoder, which is told the noise level that it decodes at."""
    network = diffusers.LTXVideoTransformer3DModel(
        in_channels=8, out_channels=8, num_attention_heads=2, attention_head_dim=16,
        cross_attention_dim=32, num_layers=2, caption_channels=WIDTH,
    )  # fmt: skip
    vae = diffusers.AutoencoderKLLTXVideo(
        latent_channels=8, block_out_channels=(8, 8, 8, 8), decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1), decoder_layers_per_block=(1, 1, 1, 1, 1),
        patch_size=4, timestep_conditioning=told,
    )  # fmt: skip
    vae = randomised(vae)
    vae.latents_mean.copy_(torch.linspace(-0.2, 0.2, 8))
    vae.latents_std.copy_(torch.linspace(0.7, 1.3, 8))
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(
        use_dynamic_shifting=kind == "LTXPipeline",
        base_shift=0.95,
        max_shift=2.05,
        base_image_seq_len=1024,
        shift_terminal=0.1 if kind == "LTXPipeline" else None,
    )
    return getattr(diffusers, kind)(
        transformer=randomised(network), vae=vae, scheduler=scheduler, **text(16)
    )


def cogvideox(*, later: bool = False) -> Any:
    """``later``: version 1.5, whose tokens hold two latent frames."""
    network = diffusers.CogVideoXTransformer3DModel(
        num_attention_heads=2, attention_head_dim=16, in_channels=4, out_channels=4,
        time_embed_dim=8, text_embed_dim=WIDTH, num_layers=2, sample_width=12, sample_height=8,
        sample_frames=5, max_text_seq_length=16, use_rotary_positional_embeddings=later,
        patch_size_t=2 if later else None, patch_bias=not later,
    )  # fmt: skip
    vae = diffusers.AutoencoderKLCogVideoX(
        block_out_channels=(8, 8, 8, 8), latent_channels=4, layers_per_block=1, norm_num_groups=2,
        scaling_factor=0.7,
    )  # fmt: skip
    scheduler = diffusers.CogVideoXDDIMScheduler(
        beta_schedule="scaled_linear", prediction_type="v_prediction", snr_shift_scale=1.0,
        rescale_betas_zero_snr=True, timestep_spacing="trailing",
    )  # fmt: skip
    return diffusers.CogVideoXPipeline(
        transformer=randomised(network), vae=randomised(vae), scheduler=scheduler, **text(16)
    )


def mochi() -> Any:
    network = diffusers.MochiTransformer3DModel(
        num_attention_heads=2, attention_head_dim=8, num_layers=2, pooled_projection_dim=16,
        in_channels=12, text_embed_dim=WIDTH, time_embed_dim=4, max_sequence_length=16,
    )  # fmt: skip
    vae = diffusers.AutoencoderKLMochi(
        encoder_block_out_channels=(32, 32, 32, 32), decoder_block_out_channels=(32, 32, 32, 32),
        layers_per_block=(1, 1, 1, 1, 1),
    )  # fmt: skip
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(invert_sigmas=True)
    return diffusers.MochiPipeline(
        transformer=randomised(network), vae=randomised(vae), scheduler=scheduler, **text(256)
    )


def hunyuan() -> Any:
    network = diffusers.HunyuanVideoTransformer3DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=10, num_layers=1,
        num_single_layers=1, num_refiner_layers=1, text_embed_dim=WIDTH, pooled_projection_dim=8,
        rope_axes_dim=(2, 4, 4),
    )  # fmt: skip
    vae = diffusers.AutoencoderKLHunyuanVideo(
        latent_channels=4, block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=4
    )
    return diffusers.HunyuanVideoPipeline(
        transformer=randomised(network), vae=randomised(vae),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=7.0),
        text_encoder=_language_model("Llama"), tokenizer=tokenizer(400),
        text_encoder_2=_clip(), tokenizer_2=tokenizer(77),
    )  # fmt: skip


def hunyuan15() -> Any:
    network = diffusers.HunyuanVideo15Transformer3DModel(
        in_channels=9, out_channels=4, num_attention_heads=2, attention_head_dim=16, num_layers=1,
        num_refiner_layers=1, text_embed_dim=WIDTH, text_embed_2_dim=16, image_embed_dim=8,
        rope_axes_dim=(4, 6, 6), target_size=16,
    )  # fmt: skip
    vae = diffusers.AutoencoderKLHunyuanVideo15(
        latent_channels=4, block_out_channels=(32, 32, 32, 32, 32), layers_per_block=1
    )
    return diffusers.HunyuanVideo15Pipeline(
        transformer=randomised(network), vae=randomised(vae),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=5.0),
        guider=diffusers.ClassifierFreeGuidance(guidance_scale=3.0),
        text_encoder=_language_model("Qwen2_5_VLText"), tokenizer=_chat_tokenizer(),
        text_encoder_2=_glyphs(), tokenizer_2=transformers.ByT5Tokenizer(),
    )  # fmt: skip


def latte(scheduler: str = "DDIMScheduler") -> Any:
    network = diffusers.LatteTransformer3DModel(
        num_attention_heads=2, attention_head_dim=12, in_channels=4, out_channels=8, num_layers=1,
        cross_attention_dim=24, sample_size=4, patch_size=2, caption_channels=WIDTH,
        norm_type="ada_norm_single", num_embeds_ada_norm=1000, norm_elementwise_affine=False,
        attention_bias=True, activation_fn="gelu-approximate", video_length=4,
    )  # fmt: skip
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 8, 8, 8), latent_channels=4, norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    )  # fmt: skip
    return diffusers.LattePipeline(
        transformer=randomised(network), vae=randomised(vae),
        scheduler=getattr(diffusers, scheduler)(), **text(16),
    )  # fmt: skip


def kandinsky(*, shown: bool) -> Any:
    """Without its text encoder, which reads pictures too; so an embedding is given instead.

    ``shown``: a network with channels for a given picture.
    """
    network = diffusers.Kandinsky5Transformer3DModel(
        in_visual_dim=4, in_text_dim=WIDTH, in_text_dim2=8, time_dim=16, out_visual_dim=4,
        model_dim=24, ff_dim=32, num_text_blocks=1, num_visual_blocks=1, axes_dims=(4, 4, 4),
        visual_cond=shown, attention_type="regular",
    )  # fmt: skip
    vae = diffusers.AutoencoderKLHunyuanVideo(
        latent_channels=4, block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=4
    )
    pipeline = diffusers.Kandinsky5T2VPipeline(
        transformer=randomised(network), vae=randomised(vae),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=5.0),
        text_encoder=None, tokenizer=None, text_encoder_2=None, tokenizer_2=None,
    )  # fmt: skip
    embedded = noise(1, 6, WIDTH), noise(1, 8, seed=1), torch.tensor([0, 6], dtype=torch.int32)
    pipeline.encode_prompt = lambda **_asked: embedded
    return pipeline
