"""Ordinary words that differ by a letter from a Given, When or Then of their language.

A description may begin with them; with anything else that looks like such a keyword, the keyword was meant.
Chosen from the commoner words of each language, as `wordfreq` counts them. What is missing here is refused
where it could have stayed; the cure is to begin the line with another word.
"""

_WORDS = {
    "ar": "إذا اذا فرض غرض بغرض بمرض تفرض يفرض وفرض بأرض بفرح عندها عندنا وعندما فعندما",
    "bg": "даден дадена дадени когото богато",
    "bs": "zato dao dati nato dat date data damo dalo mato kato utoliko koliko sada tada kad rada "
    "nada kuda voda",
    "ca": "altesa donar dona donant sonat dotat donats donava call qual quin quant juan",
    "cs": "dokud pokus popud kdy kdož",
    "da": "giver give livet gives given nar",
    "de": "kann denn mann dank wann dünn ann bann danny dana dani damn dans dawn hann daun dunn "
    "wen wein kenn nenn renn penn genommen aufgenommen angekommen ausgenommen abgenommen "
    "eingenommen zugenommen angenehmen hingenommen angenommenen",
    "el": "δεδομένων δεδομένα δεδομένο δεδομένη πότε ήταν",
    "en": "give gives giver them the they ten than thin teen thee theo thea theft hen chen wen shen "
    "wren whey whew",
    "es": "nada cada dedo duda daba dama data lado lados dando daño daños dato datos dudas damas "
    "damos dedos dardo nado cuanto cuánto cuándo daga hada hadas rada",
    "fa": "نگاه آگاه بنگاه هنگام هنگامه",
    "fi": "näin noin niina nain nuin otetaan odotetaan ostetaan opetetaan asetetaan olettaa kuun",
    "fr": "sont doit soir sait voit sort soi soin suit sois toit soif soie boit sachent lors dont "
    "don dons doc dong quant",
    "he": "אשר מאשר באשר כושר וכאשר ואשר לאשר שכאשר להינתן",
    "hr": "zato dao dati nato dat date data damo dalo mato kato utoliko koliko sada tada kad rada "
    "nada kuda koda zadar zadaci zadao ona onde oda sonda bonda",
    "hu": "amott amennyire mennyiben ennyiben amennyivel ekkor akkora mikor maja",
    "id": "bisa bola gila bill bina sila bila dengar lengan jiwa ika rika mika dika tika kematian "
    "kejadian kemudahan kerugian kemuliaan masa mana makan mata mama muka maha makna maya "
    "makam maka ketiga etika ketik",
    "is": "vegar þegnar",
    "it": "dato data dati date nata dita dava dama fata rata tata dana ata mata dare fate dite "
    "dante nate dai lati doti dazi dani lato nato dito fato dado davo mato quanto alloro",
    "lt": "duoda duoti duona duotas duoto duotą kada tad žada mado mada vada nada tara",
    "nl": "gegevens gegeten begeven geweven geheven snel stem spel stelt stil ster stoel tel stal "
    "steel step ste daan las",
    "no": "litt sitt mitt ditt gått gift titt bitt gitte nar",
    "pl": "mają mające mający dając mająca mającą zając zakładają składając jedli kiedyś biedy tedy",
    "pt": "nada cada data datas dama damas fada lado lados dano danos dedo dedos gado nado fado "
    "estão entro quanto aquando duda dando",
    "ro": "rând gând vând cânt card când",
    "ru": "давно рано дно дало дан дань даны сдано допустить допустил допустили опустил допустят "
    "допустимо допустимый допустимые путь пусто пасть пуст пуста зачем затея ели сели несли "
    "лесли тогда когда",
    "sk": "pokus dokiaľ počtom potok poľom plotom",
    "sl": "dan dajo dalo mano damo dana dane dani rano nihče dodano podan podani podana prodano "
    "prevzeti prevzet prevzela zgradi zato našo neto potek povem pojem tokrat kader zadar",
    "sr": "zato dao dati nato dat date data damo dalo mato kato utoliko koliko sada tada kad rada nada kuda",
    "sv": "livet givit given give nar",
    "uk": "давно дані рано дно дали дана дати дамо здано припустити тобі ході воді годі роді моді "
    "коло кола колі кого коти коли школи коси копи яко",
    "ur": "گار",
    "vi": "biệt biến viết tiết giết siết niết kiết xiết biếc bết miết chỗ chờ chó chợ chở chớ thị "
    "thi thí khí khỉ",
}
ORDINARY = {language: frozenset(words.split()) for language, words in _WORDS.items()}
