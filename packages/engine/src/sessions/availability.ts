/** Whether an agent takes chats. */

export type Availability = 'Online' | 'Occupied' | 'Away';
