// Fields that bulletins and requests have in common: marks, what they are about, to whom, files.
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useRegion, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Badge, Button, Checkbox, Many, Select, useToast } from '@/ui';
import { kSpoken, type Attachment } from './records';

export const kTlp = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const, kCodes = ['H0', 'H1', 'H2', 'H3'] as const;

export function HandlingField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
    const { t } = useText(), [word = 'TLP:AMBER', ...codes] = value.split(' ').filter(Boolean), put = (tlp: string, set: string[]) => onChange([tlp, ...kCodes.filter(each => set.includes(each))].join(' '));
    return (
        <div className="stack-s full">
            <Select label={t('handling')} value={word} onChange={tlp => put(tlp, codes)} options={kTlp.map(id => ({ id, label: id, more: t(`desk.handling.${id}`) }))} help={t(`desk.handling.${word as 'TLP:RED'}`)} />
            <fieldset><legend className="note">{t('desk.handling.codes')}</legend><div className="stack-s">{kCodes.map(code => <Checkbox key={code} checked={codes.includes(code)} onChange={on => put(word, on ? [...codes, code] : codes.filter(each => each !== code))}><b>{code}</b> <span className="note">{t(`desk.handling.${code}`)}</span></Checkbox>)}</div></fieldset>
        </div>
    );
}

export const Handling = ({ value }: { value: string }) => <Badge kind={/RED|STRICT/.test(value) ? 'bad' : 'plain'}>{value || 'TLP:RED'}</Badge>;

export interface AboutValue { threats: string[]; mos: string[]; places: string[] }
export function AboutFields({ value, onChange }: { value: AboutValue; onChange: (value: Partial<AboutValue>) => void }) {
    const { t } = useText(), region = useRegion(), names = useNames();
    return (
        <>
            <Many label={t('desk.threats')} values={value.threats} onChange={threats => onChange({ threats })} options={(region?.threats ?? []).map(each => ({ id: each.id, label: names.threat(each.id) }))} />
            <Many label={t('desk.mos')} values={value.mos} onChange={mos => onChange({ mos })} options={(region?.codes ?? []).map(each => ({ id: each.id, label: names.code(each.id) }))} />
            <Many label={t('desk.places')} values={value.places} onChange={places => onChange({ places })} options={(region?.countries ?? []).map(each => ({ id: each.id, label: names.place(each.id) }))} />
        </>
    );
}

export function RecipientsField({ value, onChange, legend }: { value: string[]; onChange: (value: string[]) => void; legend: string }) {
    const { t } = useText(), names = useNames(), session = useSession(), others = [...(names.region?.members ?? []).map(each => each.id), 'regional'].filter(id => id !== session?.organisation);
    return (
        <fieldset className="full stack-s"><legend className="note">{legend}</legend>
            <div className="form-row"><Button small onPress={() => onChange(value.length === others.length ? [] : others)}>{t(value.length === others.length ? 'desk.to.none' : 'desk.to.all')}</Button></div>
            <div className="form-row">{others.map(each => <Checkbox key={each} checked={value.includes(each)} onChange={on => onChange(on ? [...value, each] : value.filter(id => id !== each))}>{names.member(each)}</Checkbox>)}</div>
        </fieldset>
    );
}

export const LanguageField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => {
    const { t, tongue } = useText();
    return <Select label={t('bar.language')} value={value} onChange={onChange} options={kSpoken.map(id => ({ id, label: tongue(id) }))} />;
};

// Files are sent at once and named by their content; the record then names them.
export function FilesField({ value, onChange }: { value: Attachment[]; onChange: (value: Attachment[]) => void }) {
    const { t, bytes } = useText(), toast = useToast(), input = useRef<HTMLInputElement>(null), [sending, setSending] = useState<number | null>(null);
    const add = async (files: FileList | null) => {
        let all = value;
        for (const file of files ?? []) {
            setSending(0);
            try {
                const kept = await api.upload<Attachment>('contact/files', file, setSending);
                onChange((all = [...all, kept]));
            } catch (error) { toast.error(error); }
        }
        setSending(null);
        if (input.current) input.current.value = '';
    };
    return (
        <div className="full stack-s">
            <div className="row"><Button small icon="upload" isPending={sending !== null} onPress={() => input.current?.click()}>{t('desk.attach')}</Button><input ref={input} type="file" multiple hidden aria-label={t('desk.attach')} onChange={event => void add(event.target.files)} /><span className="note">{t('desk.attach.limits')}</span></div>
            {value.length > 0 && <ul className="chips">{value.map(each => <li key={each.sha256}><Button small icon="close" aria-label={t('do.take_away', { name: each.name })} onPress={() => onChange(value.filter(one => one.sha256 !== each.sha256))}>{each.name} ({bytes(each.size)})</Button></li>)}</ul>}
        </div>
    );
}

export function Files({ of, files }: { of: string; files: Attachment[] }) {
    const { bytes } = useText();
    if (files.length === 0) return null;
    return <ul className="stack-s files">{files.map(each => <li key={each.sha256}><a href={`/api/v1/${of}/files/${each.sha256}`} download={each.name}>{each.name}</a> <span className="note">{bytes(each.size)} · {each.media}</span></li>)}</ul>;
}
