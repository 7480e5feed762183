// Serbian Cyrillic to Latin. The Latin texts are never written by hand: they are this function of the Cyrillic ones.
const kLetters: Record<string, string> = {
    а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', ђ: 'đ', е: 'e', ж: 'ž', з: 'z', и: 'i', ј: 'j', к: 'k', л: 'l', љ: 'lj', м: 'm', н: 'n', њ: 'nj', о: 'o', п: 'p', р: 'r', с: 's', т: 't', ћ: 'ć', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'č', џ: 'dž', ш: 'š',
};

export function toLatin(text: string): string {
    let out = '';
    const letters = [...text];
    letters.forEach((letter, i) => {
        const small = letter.toLowerCase(), latin = kLetters[small];
        if (latin === undefined) out += letter;
        else if (letter === small) out += latin;
        else {
            // Lj within a word, LJ within capitals.
            const next = letters[i + 1] ?? '', capitals = next !== '' && next !== next.toLowerCase();
            out += latin.length > 1 && !capitals ? latin[0]!.toUpperCase() + latin.slice(1) : latin.toUpperCase();
        }
    });
    return out;
}
