/** Where an address is, from a MaxMind-format database file when the operator has one. */
import { knownFields } from '@parley/protocol';
import type { CityResponse } from 'maxmind';
import { StartError } from '../start-error.js';

/** What the database knows of an address; absent is what it does not. */
export interface Geo {
  readonly country?: string;
  /** ISO 3166-1, two letters. */
  readonly countryCode?: string;
  readonly state?: string;
  readonly city?: string;
}

export interface GeoDatabase {
  /** Null for an address that is not in the database, or is none. */
  lookup(address: string): Geo | null;
}

/** Used when no database is configured. */
export const NO_GEO: GeoDatabase = { lookup: () => null };

/**
 * Reads the database into memory.
 * @throws StartError naming the file when it cannot be read or is no such database.
 */
export async function openGeo(file: string): Promise<GeoDatabase> {
  try {
    // Loaded only here: most servers have no such file.
    const { open } = await import('maxmind');
    const reader = await open<CityResponse>(file);
    return {
      lookup(address) {
        const found = known(() => reader.get(address));
        return found === null ? null : geoOf(found);
      },
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The geo database "${file}" cannot be used (${why}): give the path of a MaxMind-format file such as GeoLite2-City.mmdb, or leave it out.`,
    );
  }
}

/** What is no address, and an IPv6 one in a database of IPv4, is not in the database. */
function known(get: () => CityResponse | null): CityResponse | null {
  try {
    return get();
  } catch {
    return null;
  }
}

function geoOf({ country, subdivisions, city }: Partial<CityResponse>): Geo {
  return knownFields({
    country: country?.names?.en,
    countryCode: country?.iso_code,
    state: subdivisions?.[0]?.names?.en,
    city: city?.names?.en,
  });
}
