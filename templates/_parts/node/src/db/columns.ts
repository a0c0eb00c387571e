import { customType } from 'drizzle-orm/pg-core';

/**
 * A point in time as RFC 3339 text in UTC, to the microsecond: a Date would cut it to milliseconds,
 * and paging by it would lose rows. Relies on connections whose time zone is UTC.
 */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (text) => text.replace(' ', 'T').replace('+00', 'Z'),
});
