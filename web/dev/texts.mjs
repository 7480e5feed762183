// Every English text has a Serbian one, with the same places to fill and every plural form its language needs; every
// text has a key that one file alone gives. Fails the build otherwise.
import { readdirSync, readFileSync } from 'node:fs';
import { toLatin } from '../src/i18n/transliterate.ts';

const kForms = { en: ['one', 'other'], sr: ['one', 'few', 'other'] };
const folder = language => new URL(`../src/i18n/${language}/`, import.meta.url);
const problems = [];

function read(language) {
    const all = new Map();
    for (const file of readdirSync(folder(language)).filter(each => each.endsWith('.json')))
        for (const [key, text] of Object.entries(JSON.parse(readFileSync(new URL(file, folder(language)), 'utf8')))) {
            if (all.has(key)) problems.push(`${language}/${file}: '${key}' is in another file too`);
            all.set(key, text);
        }
    return all;
}
const places = text => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(each => each[1]))].sort().join();
const english = read('en'), serbian = read('sr');
const catalogue = new Set(Object.keys(JSON.parse(readFileSync(new URL('catalogue.json', folder('sr')), 'utf8'))));

for (const [key, text] of english) {
    const other = serbian.get(key);
    if (other === undefined) problems.push(`sr: '${key}' is missing`);
    else if (typeof text !== typeof other) problems.push(`'${key}' has plural forms in one language only`);
    else if (typeof text === 'string') {
        if (places(text) !== places(other)) problems.push(`'${key}' fills {${places(text)}} in English and {${places(other)}} in Serbian`);
        if (text !== '' && other === '') problems.push(`sr: '${key}' is empty`);
    }
}
for (const [language, all] of [['en', english], ['sr', serbian]])
    for (const [key, text] of all) {
        if (language === 'sr' && !english.has(key) && !catalogue.has(key)) problems.push(`sr: '${key}' has no English`);
        if (typeof text === 'object') for (const form of kForms[language]) if (typeof text[form] !== 'string') problems.push(`${language}: '${key}' lacks its form '${form}'`);
    }

// Latin is made from the Cyrillic: nothing may be left over, and digraphs keep the word's capitals.
for (const [key, text] of serbian) for (const each of typeof text === 'string' ? [text] : Object.values(text)) if (/[\u0400-\u04ff]/.test(toLatin(each))) problems.push(`sr: '${key}' cannot be transliterated whole`);
for (const [cyrillic, latin] of [['Љубљана, ЊУЈОРК и Џеп', 'Ljubljana, NJUJORK i Džep'], ['ђаво ћути, а Ћирило шапуће о џему и коњу', 'đavo ćuti, a Ćirilo šapuće o džemu i konju']]) if (toLatin(cyrillic) !== latin) problems.push(`'${cyrillic}' becomes '${toLatin(cyrillic)}'`);

if (problems.length > 0) {
    console.error(`web/dev/texts.mjs: ${problems.length}\n  ` + problems.join('\n  '));
    process.exit(1);
}
console.log(`${english.size} texts, each in two languages`);
