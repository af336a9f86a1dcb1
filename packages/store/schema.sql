create table account (
  account_id text not null,
  created_at bigint not null, digest text,
  primary key (account_id)
);

create table account_change (
  account_id text not null,
  changes bigint not null,
  primary key (account_id)
);

create table account_rest (
  account_id text not null,
  seq bigint not null,
  due_at bigint,
  digest text not null,
  primary key (account_id)
);

create table answered_request (
  account_id text not null,
  request_key text not null,
  caller bigint not null,
  body text not null,
  at bigint not null,
  answer text not null, digest text,
  primary key (account_id, request_key)
);

CREATE INDEX answered_request_age on answered_request (account_id, caller, at);

create table audit (
  account_id text not null,
  id bigint not null,
  at bigint not null,
  actor text not null,
  action text not null,
  target text not null,
  origin text not null,
  detail text not null, digest text,
  primary key (account_id, id)
);

create table chat_entries (
  account_id text not null,
  chat_id text not null,
  count bigint not null,
  sum text not null,
  digest text not null,
  primary key (account_id, chat_id)
);

create table chat_index (
  account_id text not null,
  chat_id text not null,
  visitor_id text not null,
  started_at bigint not null,
  ended_at bigint, digest text,
  primary key (account_id, chat_id)
);

CREATE INDEX chat_index_visitor on chat_index (account_id, visitor_id, started_at);

create table config_item (
  account_id text not null,
  kind text not null,
  id bigint not null,
  revision bigint not null,
  deleted smallint not null,
  name_key text,
  data text not null, digest text,
  primary key (account_id, kind, id)
);

CREATE UNIQUE INDEX config_item_name on config_item (account_id, kind, name_key) where deleted = 0;

create table config_kind (
  account_id text not null,
  kind text not null,
  revision bigint not null,
  next_id bigint not null, digest text,
  primary key (account_id, kind)
);

create table "journal" (
  account_id text not null,
  seq bigint not null,
  at bigint not null,
  type text not null,
  version bigint not null,
  chat_id text,
  salt text,
  digest text,
  erased text,
  data text not null,
  primary key (account_id, seq)
);

CREATE INDEX journal_chat on journal (account_id, chat_id, seq) where chat_id is not null;

create table journal_cursor (
  account_id text not null,
  name text not null,
  seq bigint not null,
  digest text not null,
  primary key (account_id, name)
);

create table journal_end (
  account_id text not null,
  seq bigint not null,
  chain text not null,
  primary key (account_id)
);

create table journal_loss (
  account_id text not null,
  seq bigint not null,
  until bigint not null,
  resume_seq bigint not null,
  resume_chain text not null,
  digest text not null,
  primary key (account_id, seq)
);

create table lease (
  account_id text not null,
  owner text not null,
  epoch bigint not null,
  until bigint not null,
  digest text not null,
  primary key (account_id)
);

create table login (
  account_id text not null,
  bearer_hash text not null,
  cookie_hash text not null,
  csrf_hash text not null,
  user_id bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  ttl bigint not null, digest text, signed_out_at bigint,
  primary key (account_id, bearer_hash)
);

create table projection (
  account_id text not null,
  name text not null,
  version bigint not null,
  reached bigint,
  digest text not null,
  primary key (account_id, name)
);

create table schema_migration (
  version bigint not null,
  name text not null,
  applied_at bigint not null,
  primary key (version)
);

create table snapshot (
  account_id text not null,
  id bigint not null,
  seq bigint not null,
  at bigint not null,
  version bigint not null,
  pieces bigint not null,
  chars bigint not null,
  chain text not null,
  digest text,
  primary key (account_id, id)
);

create table snapshot_piece (
  account_id text not null,
  snapshot_id bigint not null,
  piece bigint not null,
  digest text not null,
  data text not null,
  primary key (account_id, snapshot_id, piece)
);

create table tally (
  account_id text not null,
  subject text not null,
  count bigint not null,
  sum text not null,
  digest text not null,
  primary key (account_id, subject)
);

create table visitor_erasure (
  account_id text not null,
  visitor_id text not null,
  data text not null,
  digest text not null,
  primary key (account_id, visitor_id)
);
