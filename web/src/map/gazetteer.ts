// Where the places are that sources of the region name: crossings first, then towns; longitude and latitude to a
// hundredth of a degree. A name holds one of the words, whatever else a source writes around it.
import type { Point } from './geometry';

const kPlaces: [string, string, ...Point][] = [
    ['kapitan andreevo|kap andreevo', 'Kapitan Andreevo', 26.33, 41.72], ['lesovo', 'Lesovo', 26.58, 41.96], ['malko tarnovo', 'Malko Tarnovo', 27.52, 41.98], ['kalotina', 'Kalotina', 22.88, 42.99], ['vidin', 'Vidin', 22.88, 43.99],
    ['danube bridge|ruse', 'Ruse', 25.97, 43.85], ['petko voyvoda', 'Kapitan Petko Voyvoda', 26.13, 41.71], ['kulata', 'Kulata', 23.36, 41.39], ['gyueshevo|gjueshevo', 'Gyueshevo', 22.46, 42.23], ['gorna oryahovitsa', 'Gorna Oryahovitsa', 25.69, 43.13],
    ['sofia', 'Sofia', 23.32, 42.7], ['plovdiv', 'Plovdiv', 24.75, 42.15], ['burgas', 'Burgas', 27.47, 42.5], ['varna', 'Varna', 27.92, 43.2], ['svilengrad', 'Svilengrad', 26.2, 41.77], ['haskovo', 'Haskovo', 25.56, 41.93],
    ['bucharest|bucuresti|otopeni', 'Bucharest', 26.1, 44.43], ['giurgiu', 'Giurgiu', 25.97, 43.9], ['galati', 'Galați', 28.05, 45.44], ['constanta', 'Constanța', 28.64, 44.17], ['nadlac', 'Nădlac', 20.75, 46.17], ['arad', 'Arad', 21.31, 46.19],
    ['timis', 'Timișoara', 21.23, 45.75], ['cluj', 'Cluj', 23.6, 46.77], ['iasi', 'Iași', 27.59, 47.16], ['calafat', 'Calafat', 22.93, 43.99], ['bors', 'Borș', 21.81, 47.11],
    ['begrade|belgrade|beograd|nikola tesla', 'Belgrade', 20.47, 44.8], ['novi sad', 'Novi Sad', 19.85, 45.25], ['batrovci', 'Batrovci', 19.11, 45.05], ['gradina|6adina', 'Gradina', 22.83, 43], ['presevo', 'Preševo', 21.65, 42.31], ['horgos', 'Horgoš', 19.97, 46.16], ['nis', 'Niš', 21.9, 43.32], ['subotica', 'Subotica', 19.67, 46.1],
    ['zagreb', 'Zagreb', 15.98, 45.81], ['split', 'Split', 16.44, 43.51], ['rijeka', 'Rijeka', 14.44, 45.33], ['karasovici', 'Karasovići', 18.4, 42.5], ['dubrovnik', 'Dubrovnik', 18.09, 42.65], ['bajakovo', 'Bajakovo', 19.1, 45.05],
    ['budapest', 'Budapest', 19.04, 47.5], ['roszke', 'Röszke', 20.04, 46.19], ['debrecen', 'Debrecen', 21.63, 47.53], ['thessaloniki', 'Thessaloniki', 22.94, 40.64], ['kilkis', 'Kilkis', 22.87, 40.99], ['drama', 'Drama', 24.15, 41.15], ['igoumenitsa', 'Igoumenitsa', 20.27, 39.5],
    ['sarajevo', 'Sarajevo', 18.41, 43.86], ['banja luka', 'Banja Luka', 17.19, 44.77], ['mostar', 'Mostar', 17.81, 43.34], ['tuzla', 'Tuzla', 18.67, 44.54], ['zenica', 'Zenica', 17.91, 44.2], ['skopje', 'Skopje', 21.43, 42], ['tetovo', 'Tetovo', 20.97, 42.01], ['bogorodica', 'Bogorodica', 22.53, 41.12],
    ['tirana', 'Tirana', 19.82, 41.33], ['durres', 'Durrës', 19.45, 41.32], ['vlore|vlora', 'Vlorë', 19.49, 40.47], ['kakavija|kakavia', 'Kakavija', 20.36, 39.92], ['chisinau', 'Chișinău', 28.86, 47.01], ['podgorica', 'Podgorica', 19.26, 42.44],
    ['ljubljana', 'Ljubljana', 14.51, 46.05], ['maribor', 'Maribor', 15.65, 46.55], ['obrezje', 'Obrežje', 15.7, 45.85], ['edirne|kapikule', 'Edirne', 26.56, 41.68], ['istanbul', 'Istanbul', 28.98, 41.01],
];
const kKnown = kPlaces.map(([words, title, ...at]) => ({ is: new RegExp(`(^|[^a-z])(${words})([^a-z]|$)`), title, at }));
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const found = new Map<string, { title: string; at: Point } | null>();

export function placeNamed(name: string): { title: string; at: Point } | null {
    let place = found.get(name);
    if (place === undefined) found.set(name, (place = kKnown.find(each => each.is.test(plain(name))) ?? null));
    return place;
}
