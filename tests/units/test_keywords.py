"""Which lines of description were meant as keywords, in every language that behave knows, and which not."""

import re
from pathlib import Path

import pytest
from behave.i18n import languages
from behave.parser import parse_feature

from behave_flask.lint.misspelt_keywords import Description

STEPS = ("given", "when", "then", "and", "but")
SECTIONS = ("feature", "rule", "background", "scenario", "scenario_outline", "examples")
PROJECT = Path(__file__).resolve().parents[2]


def found(kind: str, language: str, text: str) -> list[str]:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return [keyword for *_, keyword in Description(kind, language, lines).misspelled()]


@pytest.mark.parametrize("language", languages)
@pytest.mark.parametrize("kind", ["feature", "rule", "background", "scenario"])
def test_a_section_without_its_colon_is_refused_in_every_language(kind: str, language: str) -> None:
    words = languages[language]
    for section in SECTIONS:
        for keyword in words[section]:
            for end in ("", " 42", "\u00a042", " : 42", ": 42", "： 42", "- 42"):
                assert found(kind, language, f"{keyword}{end}"), f"{keyword}{end}"
            assert found(kind, language, f"{keyword} 42.\n{words['given'][-1]}42"), keyword


@pytest.mark.parametrize("language", languages)
def test_a_step_is_refused_in_every_language(language: str) -> None:
    """Also those of a Background that nobody wrote: a feature's title with steps below it."""
    words = languages[language]
    for step in STEPS:
        for keyword in words[step]:
            if not keyword.startswith("*"):
                assert found("rule", language, f"{keyword}42 7"), keyword
                assert found("feature", language, f"{keyword}42 7"), keyword
                assert found("feature", language, f"42 7\n\n{keyword}42 7"), keyword
    lost = f"42 7\n{words['given'][-1]}42 7\n{words['then'][-1]}42 7"
    assert len(found("feature", language, lost)) == 2


@pytest.mark.parametrize("language", languages)
def test_what_hides_a_keyword_from_the_parser_is_seen(language: str) -> None:
    """A tab or an unbreakable space after it, a colon, letters with their accents beside them."""
    import unicodedata

    for step in ("given", "when", "then"):
        for keyword in languages[language][step]:
            if keyword.endswith(" ") and not keyword.startswith("*"):
                word = keyword.strip()
                hidden = [f"{word}\t42", f"{word}\u00a042", f"{word}: 42", f"\u200b{keyword}42", word]
                hidden += [f"{unicodedata.normalize(form, keyword)}42" for form in ("NFC", "NFD")]
                for text in hidden:
                    assert found("scenario", language, text), repr(text)


MISSPELLED = {
    "en": [
        "Givn a till",
        "Whenn it rains",
        "Tehn it is shut",
        "Thn it is shut",
        "Wehn it rains",
        "GIVEN a till",
    ],
    "de": [
        "Dan ist sie zu",
        "Dnan ist sie zu",
        "Wennn Ann kommt",
        "Wnen Ann kommt",
        "Angenomen eine Kasse",
        "Gegeben ein Laden",
        "Gegeben sein ein Laden",
        "Then ist sie zu",
        "Given eine Kasse",
    ],
    "fr": ["Alor elle est fermée", "Etant donne une caisse", "Quan Ann arrive", "Lorsqu’elle arrive"],
    "es": ["Entonce está cerrada", "Cuado llega Ann"],
    "it": ["Alora è chiusa", "Qando arriva"],
    "pt": ["Entao ela está fechada", "Qando chega"],
    "pl": ["Jezeli pada", "Wtdy jest"],
    "ru": ["Тогд она закрыта", "Допутим касса", "Tогда она закрыта"],
    "uk": ["Якшо дощ"],
    "sv": ["Givt en kassa"],
    "nl": ["Dna is zij dicht", "Gegven een kassa", "Wanner het regent"],
    "ja": ["ならは 閉まっている", "ならばば 閉まっている"],
    "ko": ["만알 비가 오면"],
    "cs": ["Kdyz prší"],
    "tr": ["Diyleim ki kasa"],
    "no": ["Gitt: en kasse"],
}
SECTIONS_MISSPELLED = {
    "en": [
        "Scenaro: It is open",
        "Senario: It is open",
        "scenario: It is open",
        "SCENARIO: It is open",
        "Scenario outline: It is <state>",
        "ScenarioOutline: x",
        "Scenerio Outline: x",
        "Backgroud: x",
        "Rul: x",
    ],
    "de": [
        "Szenaro: Sie ist offen",
        "Scenario: Sie ist offen",
        "Szenariogrundris: x",
        "Beispeil: x",
        "Rgel: x",
    ],
    "fr": ["Scenario: Elle est ouverte", "Scénario : Elle est ouverte", "Plan du senario: x", "Regle: x"],
    "ru": ["Сцeнарий: Она открыта", "Сценарй: Она открыта", "Сценариий: x"],
    "ja": ["シナリオ：開いている", "シナリヲ: 開いている", "Scenario: 開いている"],
    "zh-CN": ["场景：打开", "Scenario: 打开"],
}


@pytest.mark.parametrize(
    ("language", "line"), [(key, line) for key in MISSPELLED for line in MISSPELLED[key]]
)
def test_a_misspelled_step_is_refused(language: str, line: str) -> None:
    assert found("scenario", language, line)


@pytest.mark.parametrize(
    ("language", "line"), [(key, line) for key in SECTIONS_MISSPELLED for line in SECTIONS_MISSPELLED[key]]
)
def test_a_misspelled_section_is_refused(language: str, line: str) -> None:
    assert found("feature", language, line)
    assert found("rule", language, line)


@pytest.mark.parametrize(
    "lost", ["Senario It is open", "scenario It is open", "Backgroud", "Scenaro Outline It is x"]
)
@pytest.mark.parametrize("kind", ["feature", "rule"])
def test_without_colon_a_misspelled_section_is_known_by_the_steps_below_it(kind: str, lost: str) -> None:
    assert found(kind, "en", f"{lost}\n\nGiven a till\nThen it is shut")[0].endswith(":")


TOLD = {
    "en": [
        "The drawer is locked at night.",
        "The drawer is locked",
        "Ten coins are in it",
        "Rules are kept by everybody",
        "Featured goods come first",
        "Them we ask first",
        "They know",
        "Than which nothing is better",
        "Theo has a key",
        "Example prices are in euros.",
        "Examples follow, as far as there are any",
        "Example prices are in euros\nand never in dollars.",
        "Give or take a cent",
        "Where nobody looks",
        "And as always, Ann knows.",
        "Background noise is left out.",
        "Gwen holds the key",
        "Members pay less\nthan others do",
        "* one thing\n* another thing",
        "Anne opens it",
        "Butter is sold here",
        "Andy opens it",
        "Note: it is loud",
        "Expected to fail: nobody shuts it.",
    ],
    "de": [
        "Denn sie wissen, was sie tun",
        "Kann man hinein, so ist sie offen",
        "Wann sie offen ist, steht an der Tür",
        "Wein wird nicht verkauft",
        "Der Chef allein hat einen Schlüssel",
        "Das ist so\nwenn niemand da ist.",
        "Beispiele dafür gibt es viele.",
        "Regelmäßig wird gezählt",
        "Funktioniert immer",
    ],
    "fr": ["Sont fermés tous les tiroirs", "Dont acte", "Doit rester fermée", "Exemples à suivre."],
    "es": ["Cada cliente paga", "Nada se pierde", "Todo cliente paga", "Para que nadie pierda"],
    "it": ["Dopo la chiusura nessuno entra", "Quanto basta", "Dare e avere"],
    "ru": ["Давно закрыта", "Путь закрыт"],
    "nl": ["Van alle kassa's is er een dicht", "Snel en goed"],
    "ja": ["例えば、夜は閉まっている。", "シナリオは三つある。", "背景には誰もいない"],
    "zh-CN": ["例子很多。", "当前没有人。"],
    "ko": ["예를 들어 밤에는 닫혀 있다.", "시나리오는 세 가지이다"],
}
NARRATIVES = [
    ("en", "As a customer\nI want to pay\nSo that I may leave"),
    ("en", "In order to leave\nAs a customer\nI want to pay\nAnd to be thanked"),
    ("en", "When the shop closes, nobody may buy\n\nThen there are those who come late."),
    ("en", "When nobody has signed in\nthe shop shows its shelves and no more."),
    ("en", "When the shop closes, ..."),
    ("en", "Given that customers come late, the shop stays open."),
    ("en", "But members may stay.\nAnd they may bring a friend."),
    ("en", "Those who may stay:\n* members\n* their friends"),
    ("en", "The shop counts its money.\nWhen it is done, it closes.\nThen everybody goes home."),
    ("de", "Als Kunde\nmöchte ich bezahlen\ndamit ich gehen kann"),
    ("de", "Wenn der Laden schließt, kauft niemand mehr.\nUnd niemand kommt herein."),
    ("nl", "Als klant\nwil ik betalen\nzodat ik kan gaan"),
    ("fr", "En tant que client\nJe veux payer\nAfin de partir"),
    ("es", "Como cliente\nQuiero pagar\nPara poder salir\nY volver"),
    ("it", "Come cliente\nVoglio pagare\nE poi uscire"),
    ("pl", "Jako klient\nChcę zapłacić\nI wyjść"),
    ("ru", "Как покупатель\nЯ хочу заплатить\nЧтобы уйти"),
    ("ja", "客として\n支払いたい\nもし夜なら、帰りたい。"),
]


@pytest.mark.parametrize(("language", "text"), [(key, text) for key in TOLD for text in TOLD[key]])
@pytest.mark.parametrize("kind", ["feature", "rule", "scenario", "background"])
def test_what_is_told_in_ordinary_words_stays(kind: str, language: str, text: str) -> None:
    if kind in ("scenario", "background") and re.search("^(\\* |And |and |wenn |当)", text, re.MULTILINE):
        pytest.skip("behave reads a step there")
    assert not found(kind, language, text)


@pytest.mark.parametrize(("language", "text"), NARRATIVES)
def test_a_feature_may_be_told_with_its_keywords(language: str, text: str) -> None:
    assert not found("feature", language, text)


def test_a_paragraph_of_steps_is_no_narrative() -> None:
    assert found("feature", "en", "Who pays gets change.\n\nGiven a till\n| a |\n| 1 |") == ["Given"]
    assert found("feature", "en", "Who pays gets change.\nWhen Ann pulls\nThen it is shut") == [
        "When",
        "Then",
    ]
    assert found("feature", "en", "Whn Ann pulls\nThen it is shut") == ["Then"]


def test_what_is_told_in_the_features_of_this_project_stays() -> None:
    for file in (PROJECT / "features").rglob("*.feature"):
        feature = parse_feature(file.read_text("utf-8"), filename=str(file))
        nodes = [feature, *feature.rules, *feature.walk_scenarios(with_outlines=True)]
        for node in nodes:
            assert not found(node.type, feature.language, "\n".join(node.description)), node.location


def test_a_language_that_behave_does_not_know_is_read_as_english() -> None:
    assert found("scenario", "xx", "Thn it is shut") == ["Then"]
