"""Calls out over TLS: the name of the URL is what has to be proved, whatever address it led to."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kinema.config import NetworkConfig
from kinema.errors import RequestError
from kinema.serve.net import Network
from tests.serve.site import Site, bytes_of, redirect

NAME = "pictures.example"
HERE = NetworkConfig(private=("127.0.0.0/8",))


@dataclass(frozen=True)
class Authority:
    """Somebody who vouches for names."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @classmethod
    def founded(cls, folder: Path) -> Authority:
        """A new one, whose own certificate lies in ``root.pem``."""
        folder.mkdir()
        made = cls(folder, ec.generate_private_key(ec.SECP256R1()), _named("Authority"))
        root = made.signed(made.name, made.key, None, ends=False)
        (folder / "root.pem").write_bytes(root)
        return made

    def context(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server of that name shows; ``days`` below 0 for one that is over."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = self.folder / f"{host}{days}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(secret + self.signed(_named(host), key, host, days=days))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        host: str | None,
        *,
        days: int = 1,
        ends: bool = True,
    ) -> bytes:
        """A certificate."""
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=9))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=not ends, path_length=None), critical=True)
        )
        if host is not None:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            certificate = certificate.add_extension(names, critical=False)
        made = certificate.sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.founded(tmp_path_factory.mktemp("tls") / "known")


@pytest.fixture
def network(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Network:
    """A way out on which every name leads to this machine, and that trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.folder / "root.pem"))
    return Network(HERE, lambda _host, _port: ["127.0.0.1"])


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    found.pages["/fox"] = bytes_of(b"a fox")
    yield found
    found.close()


def test_a_file_is_fetched_from_who_proves_the_name(
    site: Site, authority: Authority, network: Network, tmp_path: Path
) -> None:
    site.encrypt(authority.context(NAME))
    network.fetch(f"https://{NAME}:{site.port}/fox", tmp_path / "fox", "image_url")
    assert (tmp_path / "fox").read_bytes() == b"a fox"
    assert site.asked[0][2]["host"] == f"{NAME}:{site.port}"
    assert network.post(f"https://{NAME}:{site.port}/fox", b"{}", {}).status == 200


@pytest.mark.parametrize("wrong", ["name", "authority", "day"])
def test_who_proves_nothing_is_not_asked(
    site: Site, authority: Authority, network: Network, tmp_path: Path, wrong: str
) -> None:
    by = Authority.founded(tmp_path / "unknown") if wrong == "authority" else authority
    host = "other.example" if wrong == "name" else NAME
    site.encrypt(by.context(host, days=-1 if wrong == "day" else 1))
    url = f"https://{NAME}:{site.port}/fox"
    with pytest.raises(RequestError, match="cannot be reached"):
        network.fetch(url, tmp_path / "fox", "image_url")
    with pytest.raises(RequestError, match="cannot be reached"):
        network.post(url, b"{}", {})
    assert site.asked == []


def test_a_server_that_speaks_no_tls_is_given_up(
    site: Site, network: Network, tmp_path: Path
) -> None:
    with pytest.raises(RequestError):
        network.fetch(f"https://{NAME}:{site.port}/fox", tmp_path / "fox", "image_url")
    assert site.asked == []


def test_each_step_of_a_redirect_proves_its_own_name(
    site: Site, authority: Authority, network: Network, tmp_path: Path
) -> None:
    site.encrypt(authority.context(NAME))
    site.pages["/away"] = redirect(f"https://other.example:{site.port}/fox")
    with pytest.raises(RequestError, match=r"other\.example cannot be reached"):
        network.fetch(f"https://{NAME}:{site.port}/away", tmp_path / "fox", "image_url")
    assert [path for _, path, _, _ in site.asked] == ["/away"]
