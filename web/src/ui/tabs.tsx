import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs, type Key } from 'react-aria-components';

export function Tabs({ label, tabs, selected, onSelect }: { label: string; tabs: { id: string; title: ReactNode; content: ReactNode }[]; selected?: string; onSelect?: (id: string) => void }) {
    return (
        <AriaTabs className="tabs" {...(selected !== undefined ? { selectedKey: selected } : {})} onSelectionChange={(key: Key) => onSelect?.(String(key))}>
            <TabList className="tab-list" aria-label={label}>{tabs.map(each => <Tab key={each.id} id={each.id} className="tab">{each.title}</Tab>)}</TabList>
            {tabs.map(each => <TabPanel key={each.id} id={each.id} className="tab-panel">{each.content}</TabPanel>)}
        </AriaTabs>
    );
}
