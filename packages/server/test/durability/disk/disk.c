/*
 * A disk that forgets what was not synced, and fails when it is asked to. Loaded into a server
 * (LD_PRELOAD), it watches the files of one folder. Everything goes to the real files at once, so
 * the server sees what it wrote; but what it takes to forget a write again is kept beside them until
 * the file is synced. After a kill the test decides what of it survives (disk.ts): that is what the
 * machine would find after a power cut.
 *
 *   PARLEY_DISK_DATA   the folder that is watched, as an absolute path without links
 *   PARLEY_DISK_NOTES  where notes are kept: an empty folder on the same file system
 *   PARLEY_DISK_LIES   when set, nothing is ever synced, whatever the server reads
 *   PARLEY_DISK_SYNC_MS  how long a sync takes
 *
 * Notes, all in the byte order of the machine:
 *   file-{inode}       per file, since its last sync: records of `struct change`, each followed by
 *                      the bytes before and the bytes after
 *   folder-{inode}     per folder, since its last sync: lines of what happened to its entries
 *   kept-{n}           an entry that is gone, kept to come back
 *   weather            four numbers of 32 bits that the test writes: of a million writes, syncs,
 *                      openings and reads, how many fail
 *   trouble            what this cannot imitate, in words: then the test fails
 *
 * What is changed through shared memory is not noted; only the index of SQLite's log (-shm) may be,
 * which is made anew after a crash.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FDS 65536
#define WEATHERS 4
/* In place of `at`: marks between changes. */
#define SYNC_FAILED UINT64_MAX
#define SYNCED (UINT64_MAX - 1)

struct change {
  uint64_t at, size_before, size_after;
  /* How many bytes follow. */
  uint32_t before, after;
};

/* A file or folder that is watched. */
struct watched {
  uint64_t inode;
  int notes;
  int is_folder;
  /* Whether a sync of it failed. */
  int has_failed;
  char name[NAME_MAX + 1];
  struct watched *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watched *all;
static struct watched *by_fd[MAX_FDS];
static char data[PATH_MAX];
static char notes[PATH_MAX];
static int lies;
static useconds_t sync_us;
static int kept;
static volatile uint32_t *weather;
static uint64_t chance = 88172645463325252ULL;

static void trouble(const char *what, const char *name) {
  char path[PATH_MAX + 16];
  char text[PATH_MAX];
  snprintf(path, sizeof path, "%s/trouble", notes);
  int length = snprintf(text, sizeof text, "%s %s\n", what, name);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0 || syscall(SYS_write, fd, text, length) != length) abort();
  syscall(SYS_close, fd);
}

__attribute__((constructor)) static void start(void) {
  const char *of_data = getenv("PARLEY_DISK_DATA");
  const char *of_notes = getenv("PARLEY_DISK_NOTES");
  if (of_data == NULL || of_notes == NULL) return;
  snprintf(notes, sizeof notes, "%s", of_notes);
  lies = getenv("PARLEY_DISK_LIES") != NULL;
  const char *of_sync = getenv("PARLEY_DISK_SYNC_MS");
  if (of_sync != NULL) sync_us = (useconds_t)atoi(of_sync) * 1000;
  char path[PATH_MAX + 16];
  snprintf(path, sizeof path, "%s/weather", notes);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);
  if (fd < 0 || syscall(SYS_ftruncate, fd, WEATHERS * sizeof(uint32_t)) != 0) abort();
  void *shared = (void *)syscall(SYS_mmap, NULL, WEATHERS * sizeof(uint32_t), PROT_READ, MAP_SHARED, fd, 0);
  if (shared == MAP_FAILED) abort();
  syscall(SYS_close, fd);
  weather = shared;
  chance ^= (uint64_t)getpid() << 32;
  /* Last: from here on files are watched. */
  snprintf(data, sizeof data, "%s", of_data);
}

/* Whether something fails now. The lock is held. */
static int fails(int what) {
  if (weather == NULL || weather[what] == 0) return 0;
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return chance % 1000000 < weather[what];
}

/* The name of a path below the watched folder; NULL when it is elsewhere. */
static const char *name_below(const char *path, char *whole) {
  if (data[0] == 0 || path == NULL) return NULL;
  if (path[0] == '/') snprintf(whole, PATH_MAX, "%s", path);
  else if (getcwd(whole, PATH_MAX) == NULL) return NULL;
  else {
    size_t length = strlen(whole);
    snprintf(whole + length, PATH_MAX - length, "/%s", path);
  }
  size_t length = strlen(data);
  if (strncmp(whole, data, length) != 0) return NULL;
  if (whole[length] == 0) return "";
  return whole[length] == '/' ? whole + length + 1 : NULL;
}

static void note(struct watched *of, struct iovec *parts, int count) {
  size_t total = 0;
  for (int i = 0; i < count; i++) total += parts[i].iov_len;
  if (syscall(SYS_writev, of->notes, parts, count) != (long)total) abort();
}

static void forget_notes(struct watched *of) {
  if (!lies && syscall(SYS_ftruncate, of->notes, 0) != 0) abort();
}

static struct watched *watch(const struct stat *found, const char *name) {
  for (struct watched *each = all; each != NULL; each = each->next) {
    if (each->inode == found->st_ino) return each;
  }
  struct watched *made = calloc(1, sizeof *made);
  if (made == NULL) abort();
  made->inode = found->st_ino;
  made->is_folder = S_ISDIR(found->st_mode);
  snprintf(made->name, sizeof made->name, "%s", name);
  char path[PATH_MAX + 64];
  const char *kind = made->is_folder ? "folder" : "file";
  snprintf(path, sizeof path, "%s/%s-%llu", notes, kind, (unsigned long long)found->st_ino);
  made->notes = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (made->notes < 0) abort();
  made->next = all;
  all = made;
  return made;
}

static struct watched *folder_of(const char *whole) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s", whole);
  char *slash = strrchr(path, '/');
  if (slash == NULL) abort();
  *slash = 0;
  struct stat found;
  if (stat(path, &found) != 0) abort();
  return watch(&found, "");
}

/* Notes what happened to an entry of a folder. */
static void note_entry(const char *whole, const char *what, int keeps) {
  char text[3 * PATH_MAX];
  const char *name = strrchr(whole, '/') + 1;
  int length = keeps < 0 ? snprintf(text, sizeof text, "%s %s\n", what, name)
                         : snprintf(text, sizeof text, "%s %s kept-%d\n", what, name, keeps);
  struct iovec part = {text, (size_t)length};
  note(folder_of(whole), &part, 1);
}

/* Keeps an entry that is about to go; its number, or -1 when there is none. */
static int keep(const char *whole) {
  char path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/kept-%d", notes, kept);
  if (syscall(SYS_linkat, AT_FDCWD, whole, AT_FDCWD, path, 0) == 0) return kept++;
  if (errno != ENOENT) trouble("cannot keep", whole);
  return -1;
}

static struct watched *of_fd(int fd) {
  struct watched *of = fd >= 0 && fd < MAX_FDS ? by_fd[fd] : NULL;
  struct stat found;
  if (of == NULL || (fstat(fd, &found) == 0 && found.st_ino == of->inode)) return of;
  /* It was closed in a way that this does not see. */
  by_fd[fd] = NULL;
  return NULL;
}

/* Notes a change before it is made. The lock is held. */
static void note_change(struct watched *of, int fd, uint64_t at, uint64_t size_after,
                        const struct iovec *parts, int count, uint64_t length) {
  struct stat found;
  if (fstat(fd, &found) != 0) abort();
  uint64_t size = (uint64_t)found.st_size;
  uint64_t until = length > 0 ? at + length : size;
  uint64_t before = at < size ? (until < size ? until : size) - at : 0;
  char *old = before > 0 ? malloc(before) : NULL;
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (before > 0) {
    /* The descriptor itself may be for writing only. */
    int reader = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (reader < 0 || syscall(SYS_pread64, reader, old, before, at) != (long)before) abort();
    syscall(SYS_close, reader);
  }
  struct change change = {at, size, size_after, (uint32_t)before, (uint32_t)length};
  struct iovec whole[18] = {{&change, sizeof change}, {old, before}};
  if (count > 16) abort();
  memcpy(whole + 2, parts, (size_t)count * sizeof *parts);
  note(of, whole, count + 2);
  free(old);
}

static void note_resize(struct watched *of, int fd, uint64_t size) {
  note_change(of, fd, size, size, NULL, 0, 0);
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  const char *name = folder == AT_FDCWD || (path != NULL && path[0] == '/') ? name_below(path, whole) : NULL;
  if (name == NULL) return (int)syscall(SYS_openat, folder, path, flags, mode);
  pthread_mutex_lock(&lock);
  if ((flags & O_CREAT) != 0 && fails(2)) {
    pthread_mutex_unlock(&lock);
    errno = EIO;
    return -1;
  }
  int is_new = (flags & O_CREAT) != 0 && syscall(SYS_faccessat, AT_FDCWD, whole, F_OK) != 0;
  if (is_new) note_entry(whole, "made", -1);
  int fd = (int)syscall(SYS_openat, folder, path, flags & ~O_TRUNC, mode);
  int error = errno;
  struct stat found;
  if (fd >= 0 && fd < MAX_FDS && fstat(fd, &found) == 0 &&
      (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) {
    by_fd[fd] = watch(&found, name);
    if ((flags & O_TRUNC) != 0 && found.st_size > 0) {
      note_resize(by_fd[fd], fd, 0);
      if (syscall(SYS_ftruncate, fd, 0) != 0) abort();
    }
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define MODE_OF(flags, mode)                       \
  mode_t mode = 0;                                 \
  if (((flags) & (O_CREAT | __O_TMPFILE)) != 0) {  \
    va_list rest;                                  \
    va_start(rest, flags);                         \
    mode = va_arg(rest, mode_t);                   \
    va_end(rest);                                  \
  }

int open(const char *path, int flags, ...) { MODE_OF(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags, mode) return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags, mode) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags, mode) return open_at(folder, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < MAX_FDS) by_fd[fd] = NULL;
  int result = (int)syscall(SYS_close, fd);
  pthread_mutex_unlock(&lock);
  return result;
}

/* at < 0: where the descriptor stands. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t at) {
  struct watched *of = of_fd(fd);
  if (of == NULL) {
    return at < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, at, 0);
  }
  pthread_mutex_lock(&lock);
  if (fails(0)) {
    pthread_mutex_unlock(&lock);
    errno = ENOSPC;
    return -1;
  }
  uint64_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  struct stat found;
  if (fstat(fd, &found) != 0) abort();
  off_t place = at;
  if (at < 0) {
    int appends = ((int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0;
    place = appends ? found.st_size : (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
  }
  uint64_t end = (uint64_t)place + length;
  uint64_t size = (uint64_t)found.st_size;
  if (length > 0) note_change(of, fd, (uint64_t)place, end > size ? end : size, parts, count, length);
  ssize_t result = at < 0 ? syscall(SYS_writev, fd, parts, count)
                          : syscall(SYS_pwritev, fd, parts, count, at, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = {(void *)bytes, length};
  return of_fd(fd) == NULL ? syscall(SYS_write, fd, bytes, length) : write_parts(fd, &part, 1, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  struct iovec part = {(void *)bytes, length};
  return of_fd(fd) == NULL ? syscall(SYS_pwrite64, fd, bytes, length, at) : write_parts(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return pwrite(fd, bytes, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_parts(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return write_parts(fd, parts, count, at); }

/* Whether a read of a watched file fails now. */
static int read_fails(int fd) {
  if (weather == NULL || weather[3] == 0 || of_fd(fd) == NULL) return 0;
  pthread_mutex_lock(&lock);
  int failed = fails(3);
  pthread_mutex_unlock(&lock);
  if (failed) errno = EIO;
  return failed;
}
ssize_t read(int fd, void *bytes, size_t length) {
  return read_fails(fd) ? -1 : syscall(SYS_read, fd, bytes, length);
}
ssize_t pread(int fd, void *bytes, size_t length, off_t at) {
  return read_fails(fd) ? -1 : syscall(SYS_pread64, fd, bytes, length, at);
}
ssize_t pread64(int fd, void *bytes, size_t length, off64_t at) { return pread(fd, bytes, length, at); }

int ftruncate(int fd, off_t size) {
  struct watched *of = of_fd(fd);
  if (of == NULL) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  note_resize(of, fd, (uint64_t)size);
  int result = (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

/*
 * What a sync that failed did not write is taken for written by those that follow, unless it is
 * written again: so Linux has it. From then on notes are kept until the end, with marks in between.
 */
static int sync_fd(int fd, long how) {
  struct watched *of = of_fd(fd);
  if (of == NULL) return (int)syscall(how, fd);
  /* Whoever is killed in here was answered nothing yet. */
  if (sync_us > 0) usleep(sync_us);
  pthread_mutex_lock(&lock);
  int failed = fails(1);
  if (failed) of->has_failed = 1;
  if (!of->has_failed) forget_notes(of);
  else if (!lies && !of->is_folder) {
    struct change mark = {failed ? SYNC_FAILED : SYNCED, 0, 0, 0, 0};
    struct iovec part = {&mark, sizeof mark};
    note(of, &part, 1);
  } else if (!failed) forget_notes(of);
  pthread_mutex_unlock(&lock);
  if (!failed) return 0;
  errno = EIO;
  return -1;
}
int fsync(int fd) { return sync_fd(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_fd(fd, SYS_fdatasync); }

static int remove_at(int folder, const char *path, int flags) {
  char whole[PATH_MAX];
  if (folder != AT_FDCWD || name_below(path, whole) == NULL) return (int)syscall(SYS_unlinkat, folder, path, flags);
  pthread_mutex_lock(&lock);
  int keeps = flags == 0 ? keep(whole) : -1;
  if (flags != 0) trouble("removes a folder", whole);
  int result = (int)syscall(SYS_unlinkat, folder, path, flags);
  int error = errno;
  if (result == 0) note_entry(whole, "removed", keeps);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int unlink(const char *path) { return remove_at(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return remove_at(folder, path, flags); }
int rmdir(const char *path) { return remove_at(AT_FDCWD, path, AT_REMOVEDIR); }

/* A new name for a file: noted as made. */
int link(const char *from, const char *to) {
  char whole[PATH_MAX];
  const char *name = name_below(to, whole);
  pthread_mutex_lock(&lock);
  if (name != NULL) note_entry(whole, "made", -1);
  int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

/* The old entry goes and the new one comes in one step; what the new one replaces is kept. */
int rename(const char *from, const char *to) {
  char whole_from[PATH_MAX];
  char whole_to[PATH_MAX];
  const char *name_from = name_below(from, whole_from);
  const char *name_to = name_below(to, whole_to);
  if (name_from == NULL && name_to == NULL) return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  pthread_mutex_lock(&lock);
  if (name_from == NULL || name_to == NULL || folder_of(whole_from) != folder_of(whole_to)) {
    trouble("moves between folders", from);
  }
  int replaced = keep(whole_to);
  int moved = keep(whole_from);
  int result = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  int error = errno;
  if (result == 0) {
    char text[3 * PATH_MAX];
    int length = snprintf(text, sizeof text, "renamed %s kept-%d %s kept-%d\n",
                          strrchr(whole_from, '/') + 1, moved, strrchr(whole_to, '/') + 1, replaced);
    struct iovec part = {text, (size_t)length};
    note(folder_of(whole_to), &part, 1);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int mkdir(const char *path, mode_t mode) {
  char whole[PATH_MAX];
  const char *name = name_below(path, whole);
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  int error = errno;
  if (result == 0 && name != NULL && name[0] != 0) note_entry(whole, "made", -1);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

static void check_map(int protection, int flags, int fd) {
  struct watched *of = of_fd(fd);
  if (of == NULL || (flags & MAP_SHARED) == 0 || (protection & PROT_WRITE) == 0) return;
  size_t length = strlen(of->name);
  if (length < 4 || strcmp(of->name + length - 4, "-shm") != 0) trouble("maps", of->name);
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  check_map(protection, flags, fd);
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
  check_map(protection, flags, fd);
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

/* Ways to write that nothing here uses: if that changes, this must learn them. */
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
  if (of_fd(out) != NULL) trouble("copies into", of_fd(out)->name);
  return syscall(SYS_copy_file_range, in, from, out, to, length, flags);
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t length) {
  if (of_fd(out) != NULL) trouble("sends into", of_fd(out)->name);
  return syscall(SYS_sendfile, out, in, from, length);
}
ssize_t sendfile(int out, int in, off_t *from, size_t length) { return sendfile64(out, in, from, length); }
int fallocate(int fd, int mode, off_t at, off_t length) {
  if (of_fd(fd) != NULL) trouble("allocates", of_fd(fd)->name);
  return (int)syscall(SYS_fallocate, fd, mode, at, length);
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) { return fallocate(fd, 0, at, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off64_t at, off64_t length) { return posix_fallocate(fd, at, length); }
int dup(int fd) {
  if (of_fd(fd) != NULL) trouble("duplicates", of_fd(fd)->name);
  return (int)syscall(SYS_dup, fd);
}
