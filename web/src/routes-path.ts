// A threat's id 'drugs.cannabis' is the address /threats/drugs/cannabis: a dot in an address means a file to the server.
export const threatPath = (threat: string) => '/threats/' + threat.replace('.', '/');
