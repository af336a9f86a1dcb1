/** Names of relation links. Clients follow these and never build URLs. */
export const REL = {
  self: 'self',
  next: 'next',
  previous: 'prev',
  location: 'location',
  events: 'events',
  info: 'info',
  // agent session
  availability: 'availability',
  incomingRequests: 'incoming-requests',
  acceptNextChat: 'acceptNextChat',
  availableAgents: 'available-agents',
  availableSlots: 'available-slots',
  chatSessions: 'chat-sessions',
  chatSession: 'chat-session',
  skills: 'skills',
  // an agent's chat
  collaborationChannels: 'collaboration-channels',
  visitId: 'visit-id',
  transfer: 'transfer',
  transferAccount: 'transfer-account',
  collaborationChannel: 'collaboration-channel',
  takeOver: 'take-over',
  suggestions: 'suggestions',
  escalation: 'escalation',
  agentSurvey: 'agent-survey',
  // supervision
  supervision: 'supervision',
  agents: 'agents',
  assignment: 'assignment',
  end: 'end',
  // programs beside a person
  approvals: 'approvals',
  delegations: 'delegations',
  cannedTexts: 'canned-texts',
  // chat info
  visitorName: 'visitor-name',
  visitorTyping: 'visitor-typing',
  agentTyping: 'agent-typing',
  participantInfo: 'participant-info',
  participantExtendedInfo: 'participant-extended-info',
  // visit
  customVariables: 'custom-variables',
  pages: 'pages',
  surveys: 'surveys',
  earlierChats: 'earlier-chats',
  transcript: 'transcript',
  // account
  chatAvailability: 'chat-availability',
  chatAvailableSlots: 'chat-available-slots',
  chatEstimatedWaitTime: 'chat-estimatedWaitTime',
  chatRequest: 'chat-request',
  preChatSurvey: 'prechat-survey',
  offlineSurvey: 'chat-offline-survey',
  // a visitor's chat
  transcriptRequest: 'transcript-request',
  transcriptWithSubjectRequest: 'transcript-with-subject-request',
  exitSurvey: 'exit-survey',
  // what Parley adds to both
  stream: 'stream',
  webSocket: 'websocket',
  tickets: 'tickets',
  chats: 'chats',
  read: 'read',
  routing: 'routing',
} as const;

/** A relation name. */
export type Rel = (typeof REL)[keyof typeof REL];
