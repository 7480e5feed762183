import { useQuery } from '@tanstack/react-query';
import { queries, useAssessmentId } from '@/api/queries';
import { Answer, Drawer } from '@/ui';

export default function Panel({ figure, onClose }: { figure: string; onClose: () => void }) {
    const asked = useQuery(queries.figure(useAssessmentId(), figure));
    return <Drawer isOpen onClose={onClose} title={asked.data?.title ?? figure}><Answer of={asked}>{f => <p>{f.formula}</p>}</Answer></Drawer>;
}
