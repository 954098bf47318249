/*
 * What a process that has given things up can still do, and what not. Each test confines a child of
 * its own, as there is no way back. A sanitizer's build gives up nothing and says so: that is all
 * that can be asked of it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/confine.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif

enum { PATH_BYTES = 128 };

/* Runs it in a child; what it returns must be 0, else it is the number of what went wrong. */
static void expect_child(int (*work)(const char *folder))
{
    char folder[] = "/tmp/dianji-confine-XXXXXX", path[PATH_BYTES];
    assert_non_null(mkdtemp(folder));
    pid_t child = fork();
    if (child == 0)
        _exit(work(folder));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    snprintf(path, sizeof path, "%s/kept", folder);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* 0 where a call was refused with EPERM, whatever else it may have said. */
static bool is_refused(long result)
{
    return result == -1 && errno == EPERM;
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int try_secrets(const char *folder)
{
    (void)folder;
    struct rlimit limit;
    confine_secrets();
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0 || limit.rlim_max != 0)
        return 1;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return 2;
    return !IS_SANITIZED && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 ? 3 : 0;
}

static void secrets_are_not_dumped(void **state)
{
    (void)state;
    expect_child(try_secrets);
}

static int try_files(const char *folder)
{
    char kept[PATH_BYTES], gone[PATH_BYTES], sub[PATH_BYTES];
    snprintf(kept, sizeof kept, "%s/kept", folder);
    snprintf(gone, sizeof gone, "%s/gone", folder);
    snprintf(sub, sizeof sub, "%s/sub", folder);
    const char *const writable[] = {folder, "/no/such/folder", NULL};
    const char *const readable[] = {"/etc/hostname", NULL};
    bool is_bound =
        confine_files(&(struct confine_files){.writable = writable, .readable = readable});
    if (IS_SANITIZED || syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
        return is_bound ? 1 : 0;
    if (!is_bound)
        return 2;
    if (opens("/etc/passwd", O_RDONLY) || opens("/", O_RDONLY) || opens("/tmp", O_RDONLY))
        return 3;
    if (opens("/tmp/dianji-confine-no", O_WRONLY | O_CREAT) || opens("/etc/hostname", O_WRONLY))
        return 4;
    if (access("/etc/hostname", F_OK) == 0 && !opens("/etc/hostname", O_RDONLY))
        return 5;
    if (!opens(kept, O_RDWR | O_CREAT) || !opens(kept, O_RDONLY) || !opens(folder, O_RDONLY))
        return 6;
    if (!opens(gone, O_WRONLY | O_CREAT) || unlink(gone) != 0)
        return 7;
    if (mkdir(sub, 0700) == 0 || symlink("/etc/passwd", sub) == 0 || mkfifo(sub, 0600) == 0)
        return 8;
    char *const words[] = {NULL};
    return execve("/bin/true", words, words) == 0 || errno != EACCES ? 9 : 0;
}

static void other_files_are_out_of_reach(void **state)
{
    (void)state;
    expect_child(try_files);
}

/* --- calls */

static int try_programs(void)
{
    char *const words[] = {NULL};
    if (!is_refused(execve("/bin/true", words, words)) ||
        !is_refused(syscall(SYS_execveat, -1, "/bin/true", words, words, 0)))
        return 10;
    if (!is_refused(fork()) || !is_refused(syscall(SYS_vfork)))
        return 11;
    if (!is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)) || !is_refused(kill(getppid(), 0)))
        return 12;
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 13;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || !is_refused(mprotect(page, 4096, PROT_READ | PROT_EXEC)))
        return 14;
    static const long never[] = {
        SYS_mount,       SYS_bpf,         SYS_io_uring_setup,  SYS_keyctl,
        SYS_unshare,     SYS_setns,       SYS_setuid,          SYS_chroot,
        SYS_personality, SYS_userfaultfd, SYS_perf_event_open, SYS_process_vm_readv,
        SYS_rename,      SYS_mkdir,       SYS_symlink};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (!is_refused(syscall(never[i], 0, 0, 0, 0, 0)))
            return 20 + (int)i;
    return 0;
}

static bool can_connect(void)
{
    struct sockaddr_in nowhere = {.sin_family = AF_INET, .sin_port = htons(1)};
    nowhere.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool is_tried = connect(fd, (const struct sockaddr *)&nowhere, sizeof nowhere) == 0 ||
                    errno == ECONNREFUSED;
    bool is_bound =
        bind(fd, (const struct sockaddr *)&nowhere, sizeof nowhere) == 0 || listen(fd, 1) == 0;
    close(fd);
    return is_tried && !is_bound;
}

static void *add_one(void *argument)
{
    ++*(int *)argument;
    return NULL;
}

/* Threads that began before are bound as well. */
static void *wait_and_fork(void *argument)
{
    int *ends = argument;
    char byte;
    bool is_told = read(ends[0], &byte, 1) == 1;
    return is_told && is_refused(fork()) ? argument : NULL;
}

static int try_what_is_left(const char *folder)
{
    char kept[PATH_BYTES];
    snprintf(kept, sizeof kept, "%s/kept", folder);
    int count = 0, ends[2];
    pthread_t thread;
    if (!opens(kept, O_RDWR | O_CREAT))
        return 40;
    if (pthread_create(&thread, NULL, add_one, &count) != 0 || pthread_join(thread, NULL) != 0 ||
        count != 1)
        return 41;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || memfd_create("x", MFD_CLOEXEC) < 0)
        return 42;
    void *block =
        mmap(NULL, (size_t)8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED || munmap(block, (size_t)8 << 20) != 0 ? 43 : 0;
}

static int try_calls(const char *folder, bool connects)
{
    int ends[2];
    pthread_t thread;
    void *answer = NULL;
    if (pipe(ends) != 0 || pthread_create(&thread, NULL, wait_and_fork, ends) != 0)
        return 1;
    bool is_bound = confine_calls(&(struct confine_calls){.connects = connects});
    if (IS_SANITIZED)
        return is_bound ? 2 : 0;
    if (!is_bound || can_connect() != connects)
        return 3;
    if (write(ends[1], "", 1) != 1 || pthread_join(thread, &answer) != 0 || answer != ends)
        return 4;
    int failed = try_programs();
    return failed != 0 ? failed : try_what_is_left(folder);
}

static int try_alone(const char *folder)
{
    return try_calls(folder, /* connects= */ false);
}

static int try_connected(const char *folder)
{
    return try_calls(folder, /* connects= */ true);
}

static void nothing_is_started_nor_looked_into(void **state)
{
    (void)state;
    expect_child(try_alone);
    expect_child(try_connected);
}

/* abort() must end it, or an assertion would not. */
static int fail_an_assertion(const char *folder)
{
    (void)folder;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        confine_secrets();
        confine_calls(&(struct confine_calls){0});
        abort();
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && !WCOREDUMP(status) ? 0 : 1;
}

static void a_bug_still_ends_it(void **state)
{
    (void)state;
    expect_child(fail_an_assertion);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_not_dumped),
        cmocka_unit_test(other_files_are_out_of_reach),
        cmocka_unit_test(nothing_is_started_nor_looked_into),
        cmocka_unit_test(a_bug_still_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
