// Contact points, analysts and directors speak for their organisation.
import { useSession } from '@/api/queries';

export const useSpeaks = () => ['contact_point', 'analyst', 'director'].includes(useSession()?.role ?? '');
