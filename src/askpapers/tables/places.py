"""Names of countries, of their people and of languages, as patterns. Countries that are words or names too are left out."""

from __future__ import annotations

_COUNTRIES = """
United States of America|United States|USA|U\\.S\\.A?\\.?|US|United Kingdom|UK|Great Britain|England|Scotland|Wales|Northern Ireland|Ireland
France|Germany|Italy|Spain|Portugal|Netherlands|Belgium|Luxembourg|Switzerland|Austria|Denmark|Norway|Sweden|Finland|Iceland
Poland|Czech Republic|Czechia|Slovakia|Hungary|Slovenia|Croatia|Serbia|Bosnia and Herzegovina|Montenegro|Kosovo|North Macedonia|Albania
Greece|Cyprus|Malta|Bulgaria|Romania|Moldova|Ukraine|Belarus|Russia|Russian Federation|Estonia|Latvia|Lithuania|Turkey|Türkiye
Canada|Mexico|Brazil|Argentina|Chile|Peru|Colombia|Venezuela|Ecuador|Bolivia|Paraguay|Uruguay|Guatemala|Honduras|El Salvador|Nicaragua
Costa Rica|Panama|Cuba|Haiti|Dominican Republic|Jamaica|Puerto Rico|Trinidad and Tobago
China|Taiwan|Hong Kong|Japan|South Korea|North Korea|Republic of Korea|Korea|Mongolia|India|Pakistan|Bangladesh|Sri Lanka|Nepal|Bhutan
Afghanistan|Kazakhstan|Uzbekistan|Vietnam|Viet Nam|Thailand|Cambodia|Laos|Myanmar|Malaysia|Singapore|Indonesia|Philippines|Australia
New Zealand|Papua New Guinea|Fiji|Iran|Iraq|Syria|Lebanon|Israel|Palestine|Saudi Arabia|Kuwait|Qatar|Bahrain|United Arab Emirates|Oman|Yemen
Egypt|Libya|Tunisia|Algeria|Morocco|Sudan|South Sudan|Ethiopia|Eritrea|Somalia|Kenya|Uganda|Tanzania|Rwanda|Burundi|Malawi|Zambia|Zimbabwe
Mozambique|Botswana|Namibia|South Africa|Lesotho|Eswatini|Madagascar|Angola|Democratic Republic of the Congo|Congo|Cameroon|Gabon|Nigeria
Ghana|Benin|Burkina Faso|Ivory Coast|Côte d'Ivoire|Senegal|The Gambia|Gambia|Sierra Leone|Liberia|Niger|Guinea-Bissau
"""
_NATIONS = """
American|British|English|Scottish|Welsh|Irish|French|German|Italian|Spanish|Portuguese|Dutch|Belgian|Swiss|Austrian|Danish|Norwegian|Swedish
Finnish|Icelandic|Polish|Czech|Slovak|Hungarian|Slovenian|Croatian|Serbian|Bosnian|Albanian|Greek|Bulgarian|Romanian|Ukrainian|Russian|Estonian
Latvian|Lithuanian|Turkish|Canadian|Mexican|Brazilian|Argentine|Argentinian|Chilean|Peruvian|Colombian|Venezuelan|Cuban|Chinese|Taiwanese
Japanese|Korean|Mongolian|Indian|Pakistani|Bangladeshi|Sri Lankan|Nepalese|Nepali|Vietnamese|Thai|Cambodian|Malaysian|Singaporean|Indonesian
Filipino|Australian|Iranian|Iraqi|Syrian|Lebanese|Israeli|Palestinian|Saudi|Kuwaiti|Egyptian|Tunisian|Algerian|Moroccan|Sudanese|Ethiopian
Somali|Kenyan|Ugandan|Tanzanian|Rwandan|Malawian|Zambian|Zimbabwean|South African|Cameroonian|Nigerian|Ghanaian|Senegalese
"""
_LANGUAGES = """
English|German|French|Spanish|Italian|Portuguese|Dutch|Danish|Norwegian|Swedish|Finnish|Icelandic|Polish|Czech|Slovak|Hungarian|Slovene|Slovenian
Croatian|Serbian|Bosnian|Albanian|Greek|Bulgarian|Romanian|Ukrainian|Russian|Belarusian|Estonian|Latvian|Lithuanian|Turkish|Arabic|Hebrew|Persian
Farsi|Urdu|Hindi|Bengali|Bangla|Punjabi|Gujarati|Marathi|Tamil|Telugu|Kannada|Malayalam|Sinhala|Nepali|Chinese|Mandarin|Cantonese|Japanese|Korean
Mongolian|Tibetan|Vietnamese|Thai|Khmer|Lao|Burmese|Malay|Indonesian|Javanese|Tagalog|Filipino|Swahili|Amharic|Hausa|Yoruba|Igbo|Zulu|Xhosa
Somali|Kinyarwanda|Afrikaans|Irish|Welsh|Basque|Catalan|Galician|Latin|Sanskrit|Kazakh|Uzbek|Uyghur|Georgian|Armenian|Azerbaijani|Esperanto
"""


def _any(names: str) -> str:
    return "(?:" + "|".join(sorted("|".join(names.split("\n")).strip("|").split("|"), key=len, reverse=True)) + ")"


COUNTRIES = _any(_COUNTRIES)
"""A pattern of the name of a country."""
NATIONS = _any(_NATIONS)
"""A pattern of the adjective of a nation."""
LANGUAGES = _any(_LANGUAGES)
"""A pattern of the name of a language."""
