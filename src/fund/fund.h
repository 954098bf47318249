/*
 * Payments: one for each thing that is owed, gathered into batches that two people make and
 * approve, taken to the bank as a file, and settled by the file that the bank sends back (意见
 * 三.3, 三.4).
 *
 * A batch declares its count and total when it is made; nothing is added later. A subject has one
 * live payment: the database refuses a second until the bank has returned the first, and a result
 * that is read twice changes nothing.
 */
#ifndef DIANJI_FUND_FUND_H
#define DIANJI_FUND_FUND_H

#include "base/ctx.h"
#include "base/text.h"
#include "fund_dict.h"
#include "fund_rows.h"
#include "sheet/sheet.h"

struct cursor;

struct owing {
    const char *subject_kind;
    int64_t subject_id;
    const char *region;
    const char *payee;
    const char *account;
    const char *bank_name; /* or NULL */
    const char *purpose;
    struct fen amount_fen;
};
/* False where the subject has a live payment, payable, on its way or paid: nothing was added. */
bool fund_owe(struct ctx *ctx, const struct owing *owing, payment_id *ret)
    __attribute__((warn_unused_result));
/* What is payable in the actor's region. */
struct payable_sum fund_payable(struct ctx *ctx);
/* Batches of the actor's region that somebody else has to approve. */
int64_t fund_batches_waiting(struct ctx *ctx);

enum batch_make fund_batch_make(struct ctx *ctx, payment_batch_id *ret)
    __attribute__((warn_unused_result));
enum batch_approve fund_batch_approve(struct ctx *ctx, payment_batch_id id)
    __attribute__((warn_unused_result));
bool fund_batch(struct ctx *ctx, payment_batch_id id, struct payment_batch *ret);
struct payment_batch_list fund_batches(struct ctx *ctx, int64_t most);
struct payment_list fund_payments(struct ctx *ctx, payment_batch_id id);
/* Those of a batch as a list asks for them: a cursor, and how many there are without its first and
 * most, counted no further than `most`. */
struct payment_search {
    payment_batch_id batch;
    enum payment_state state; /* NONE: any */
    const char *wanted;       /* a part of payee or purpose; NULL: any */
    const char *sort;         /* "amount_fen", "settled_on"; else in the order of the bank's file */
    int64_t direction;        /* 1, or -1: turned */
    int64_t first, most;
};
struct cursor *fund_payments_open(struct ctx *ctx, const struct payment_search *search);
bool fund_payments_next(struct cursor *payments, struct payment *ret);
int64_t fund_payments_count(struct ctx *ctx, const struct payment_search *search);
/* The subject's last payment. */
bool fund_payment_of(struct ctx *ctx, const char *subject_kind, int64_t subject_id,
                     struct payment *ret);
/* The bank's file: one line a payment, numbers as text; the last two columns are for its answer. */
struct bytes fund_batch_file(struct ctx *ctx, const struct payment_list *payments,
                             enum sheet_format format);

/* One line of the bank's result. */
struct bank_result {
    payment_id payment;
    struct fen amount_fen;
    bool is_paid;
    const char *note; /* why it came back, or NULL */
};
/* What a settled payment means for the room that it is for. */
typedef void fund_settled(struct ctx *ctx, const struct payment *payment, bool is_paid);
/*
 * All lines or none: a payment that is not of this batch, or another amount, refuses the file.
 * *ret_settled: payments that were settled now (0 where the file was read before:
 * BATCH_RESULT_NOTHING_NEW).
 */
struct bank_file {
    payment_batch_id batch;
    const struct bank_result *lines;
    size_t count;
};
enum batch_result fund_batch_result(struct ctx *ctx, const struct bank_file *file,
                                    fund_settled *settled, int64_t *ret_settled)
    __attribute__((warn_unused_result));

#endif
