/*
 * A file that is read in a child (sheet_child.c), and looks like any other to whoever reads it.
 * What the child says is checked as if it came from the file's maker: it may have.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "sheet/sheet_wire.h"

enum { ANSWER_SECONDS = 30, WORKSHEETS_MOST = 1024 };

struct sheet__apart {
    int child; /* a descriptor of it; -1: none */
    int socket;
    int file;
    struct sheet__worksheet *worksheets;
    int count;
    bool is_1904;
    bool is_asked; /* for the next rows: the child works ahead while these are used */
    /* the answer that rows are taken from */
    char *body;
    size_t capacity;
    const char *at;
    const char *end;
    struct sheet__wire_answer answer;
};

static void close_apart(void *thing)
{
    struct sheet__apart *apart = thing;
    if (apart->socket >= 0)
        close(apart->socket);
    if (apart->file >= 0)
        close(apart->file);
    if (apart->child < 0)
        return;
    pidfd_send_signal(apart->child, SIGKILL, NULL, 0);
    /* A nursery's child is not ours to wait for: then this fails, and the nursery has done it. */
    while (waitid(P_PIDFD, (id_t)apart->child, &(siginfo_t){0}, WEXITED) < 0 && errno == EINTR)
        continue;
    close(apart->child);
}

static _Noreturn void fail(struct sheet *sheet, const char *what, int error)
{
    log_line("sheet: no child to read a file in: %s: %s", what, strerror(error));
    fault_raise(sheet->arena, FAULT_MEMORY);
}

/* --- the child --- */

/* The file, where only the child finds it. */
static int file_in_memory(struct sheet *sheet, struct bytes file)
{
    int descriptor = memfd_create("upload", MFD_CLOEXEC);
    if (descriptor < 0)
        fail(sheet, "memfd_create", errno);
    sheet->apart->file = descriptor;
    for (size_t done = 0; done < file.length;) {
        ssize_t count = write(descriptor, (const char *)file.data + done, file.length - done);
        if (count < 0 && errno != EINTR)
            fail(sheet, "write", errno);
        done += count > 0 ? (size_t)count : 0;
    }
    return descriptor;
}

static void start_child(struct sheet *sheet, struct bytes file)
{
    struct sheet__apart *apart = sheet->apart;
    int descriptor = file_in_memory(sheet, file);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        fail(sheet, "socketpair", errno);
    apart->socket = ends[0];
    apart->child = sheet__start_child(ends[0], ends[1], descriptor);
    int error = errno;
    close(ends[1]);
    if (apart->child < 0)
        fail(sheet, "start", error);
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool send_all(const struct sheet__apart *apart, const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count =
            send(apart->socket, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR)
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool receive_all(const struct sheet__apart *apart, void *bytes, size_t length,
                        int64_t deadline)
{
    for (size_t done = 0; done < length;) {
        int64_t left = deadline - milliseconds();
        struct pollfd wait = {.fd = apart->socket, .events = POLLIN};
        if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR))
            return false;
        ssize_t count = recv(apart->socket, (char *)bytes + done, length - done, MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool is_sound(const struct sheet__wire_answer *answer)
{
    bool is_step =
        answer->step == SHEET_ROW || answer->step == SHEET_END || answer->step == SHEET_BAD;
    bool is_refusal =
        answer->refusal >= SHEET_REFUSAL_EMPTY && answer->refusal <= SHEET_REFUSAL_CELL_TOO_LONG;
    return is_step && (answer->step != SHEET_BAD || is_refusal) &&
           answer->bytes <= SHEET__WIRE_ANSWER_BYTES_MOST && answer->row_number >= 0;
}

/* Waits for the child's next answer; false where it died, is too slow, or talks nonsense. */
static bool receive_answer(struct sheet *sheet)
{
    struct sheet__apart *apart = sheet->apart;
    struct sheet__wire_answer *answer = &apart->answer;
    int64_t deadline = milliseconds() + INT64_C(1000) * ANSWER_SECONDS;
    if (!receive_all(apart, answer, sizeof *answer, deadline) || !is_sound(answer))
        return false;
    if (answer->bytes > apart->capacity) {
        apart->body = arena_grow(sheet->arena, apart->body, apart->capacity, answer->bytes);
        apart->capacity = answer->bytes;
    }
    apart->at = apart->body;
    apart->end = apart->body + answer->bytes;
    return receive_all(apart, apart->body, answer->bytes, deadline);
}

/* --- what it says --- */

/* The next `length` bytes of the answer, or NULL where it has not as many. */
static const void *take(struct sheet__apart *apart, size_t length)
{
    if ((size_t)(apart->end - apart->at) < length)
        return NULL;
    const void *taken = apart->at;
    apart->at += length;
    return taken;
}

static bool take_struct(struct sheet__apart *apart, void *ret, size_t length)
{
    const void *taken = take(apart, length);
    if (taken != NULL)
        memcpy(ret, taken, length);
    return taken != NULL;
}

static bool take_worksheets(struct sheet *sheet)
{
    struct sheet__apart *apart = sheet->apart;
    apart->worksheets = arena_array(sheet->arena, WORKSHEETS_MOST, struct sheet__worksheet);
    apart->is_1904 = apart->answer.is_1904 != 0;
    while (apart->at < apart->end) {
        struct sheet__wire_worksheet worksheet;
        if (apart->count == WORKSHEETS_MOST || !take_struct(apart, &worksheet, sizeof worksheet))
            return false;
        const char *name = take(apart, worksheet.name_bytes);
        if (name == NULL || !text_valid(name, worksheet.name_bytes))
            return false;
        apart->worksheets[apart->count++] = (struct sheet__worksheet){
            .name = arena_text_n(sheet->arena, name, worksheet.name_bytes),
            .is_hidden = worksheet.is_hidden != 0};
    }
    return apart->count > 0;
}

static bool take_cell(struct sheet *sheet, int column_before, struct sheet_cell *ret)
{
    struct sheet__wire_cell wire;
    if (!take_struct(sheet->apart, &wire, sizeof wire) || wire.text_bytes == 0 ||
        wire.text_bytes > SHEET__ROW_TEXT_BYTES)
        return false;
    const char *text = take(sheet->apart, (size_t)wire.text_bytes + 1);
    if (text == NULL || text[wire.text_bytes] != '\0' || !text_valid(text, wire.text_bytes) ||
        wire.column <= column_before || wire.kind > SHEET_CELL_ERROR)
        return false;
    *ret = (struct sheet_cell){.column = wire.column,
                               .kind = (enum sheet_cell_kind)wire.kind,
                               .is_date = wire.is_date != 0,
                               .is_merged_copy = wire.is_merged_copy != 0,
                               .text = text};
    return true;
}

static bool take_row(struct sheet *sheet)
{
    struct sheet__wire_row wire;
    if (!take_struct(sheet->apart, &wire, sizeof wire) || wire.number <= sheet->row_number ||
        wire.count == 0)
        return false;
    sheet->row_number = wire.number;
    sheet->row.is_hidden = wire.is_hidden != 0;
    int column = -1;
    for (uint32_t i = 0; i < wire.count; i++) {
        struct sheet_cell cell;
        if (!take_cell(sheet, column, &cell) || !sheet__row_add(sheet, cell))
            return false;
        column = cell.column;
    }
    return true;
}

static bool ask_for_rows(struct sheet__apart *apart)
{
    const struct sheet__wire_command on = {.select = -1};
    if (!apart->is_asked)
        apart->is_asked = send_all(apart, &on, sizeof on);
    return apart->is_asked;
}

enum sheet_step sheet__apart_next(struct sheet *sheet)
{
    struct sheet__apart *apart = sheet->apart;
    while (apart->at == apart->end) {
        if (apart->answer.step == SHEET_BAD) {
            sheet->row_number = apart->answer.row_number;
            return sheet__refuse(sheet, (enum sheet_refusal)apart->answer.refusal);
        }
        if (apart->answer.step == SHEET_END)
            return SHEET_END;
        if (!ask_for_rows(apart) || !receive_answer(sheet))
            return sheet__refuse(sheet, SHEET_REFUSAL_BOMB);
        apart->is_asked = false;
        if (apart->answer.step == SHEET_ROW && !ask_for_rows(apart))
            return sheet__refuse(sheet, SHEET_REFUSAL_BOMB);
    }
    return take_row(sheet) ? SHEET_ROW : sheet__refuse(sheet, SHEET_REFUSAL_BOMB);
}

bool sheet__apart_select(struct sheet *sheet, int i)
{
    struct sheet__apart *apart = sheet->apart;
    const struct sheet__wire_command command = {.select = i};
    bool is_heard = !apart->is_asked || receive_answer(sheet); /* of rows that nobody wants now */
    apart->is_asked = false;
    if (!is_heard || !send_all(apart, &command, sizeof command) || !receive_answer(sheet)) {
        sheet__refuse(sheet, SHEET_REFUSAL_BOMB);
        return false;
    }
    apart->at = apart->end;
    if (apart->answer.step == SHEET_ROW)
        return true;
    sheet__refuse(sheet, (enum sheet_refusal)apart->answer.refusal);
    return false;
}

const struct sheet__worksheet *sheet__apart_worksheets(const struct sheet__apart *apart,
                                                       int *ret_count)
{
    *ret_count = apart->count;
    return apart->worksheets;
}

bool sheet__apart_is_1904(const struct sheet__apart *apart)
{
    return apart->is_1904;
}

struct sheet *sheet_open_apart(struct arena *arena, struct bytes file,
                               const struct sheet_limits *limits, enum sheet_refusal *ret_refusal)
{
    *ret_refusal = 0;
    if (file.length == 0 || file.length > limits->file_bytes) {
        *ret_refusal = file.length == 0 ? SHEET_REFUSAL_EMPTY : SHEET_REFUSAL_TOO_LARGE;
        return NULL;
    }
    struct sheet *sheet = arena_one(arena, struct sheet);
    sheet->arena = arena;
    sheet->limits = *limits;
    sheet->apart = arena_one(arena, struct sheet__apart);
    sheet->apart->socket = sheet->apart->file = sheet->apart->child = -1;
    arena_defer(arena, close_apart, sheet->apart);
    start_child(sheet, file);
    const struct sheet__wire_start start = {.limits = *limits, .file_bytes = file.length};
    bool is_heard = send_all(sheet->apart, &start, sizeof start) && receive_answer(sheet);
    if (is_heard && sheet->apart->answer.step == SHEET_BAD)
        *ret_refusal = (enum sheet_refusal)sheet->apart->answer.refusal;
    else if (!is_heard || !take_worksheets(sheet))
        *ret_refusal = SHEET_REFUSAL_BOMB; /* it did not survive the file */
    if (*ret_refusal == 0)
        return sheet;
    arena_close(arena, sheet->apart);
    return NULL;
}
