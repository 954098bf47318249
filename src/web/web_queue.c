/*
 * Work that may wait goes to a worker: a bounded queue and some threads for each lane, so that slow
 * work of one lane never holds up the other. What finds its queue full is turned away at once: an
 * answer that comes after its reader has gone helps no one.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "web/web_room.h"
#include "web/web_visit.h"

enum {
    LANES = LANE_CALL + 1,
    WORKERS_MAX = 640, /* of 64 cores */
    REFUSED_AFTER_US = 1000 * 1000,
};

/*
 * Whoever only opens a page waits for nobody's password: the threads that compute long take what
 * the others leave of the cores. Of a crowd that guesses, most find no place and get 503, and who
 * does get one has an answer soon. That refusal takes its time: at once, it would be the crowd's
 * next request that keeps the cores busy.
 */
static const struct manner {
    size_t workers_a_core;
    size_t queue_max;
    int niceness;
    bool refuses_later;
} MANNERS[LANES] = {
    /* They wait for the database more than they work. */
    [LANE_FAST] = {.workers_a_core = 4, .queue_max = 1024},
    [LANE_HEAVY] = {.workers_a_core = 1, .queue_max = 1024, .niceness = 10},
    [LANE_PASSWORD] = {1, 64, .niceness = 10, .refuses_later = true},
    /* They wait for servers of others, some seconds each where those are ill. */
    [LANE_CALL] = {.workers_a_core = 4, .queue_max = 64},
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct visit *first, *last;
    size_t count;
    bool is_ending;
    const struct manner *manner;
    void (*serve)(struct visit *);
};

/* Visits that are refused, in a while; first come, first gone. */
struct porch {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct visit *first, *last;
    bool is_ending;
    bool has_thread;
    pthread_t thread;
    void (*refuse)(struct visit *);
};

struct lanes {
    struct queue queues[LANES];
    struct porch porch;
    pthread_t workers[WORKERS_MAX];
    size_t worker_count;
};

static struct visit *take(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->is_ending)
        pthread_cond_wait(&queue->filled, &queue->lock);
    struct visit *visit = queue->first;
    if (visit != NULL) {
        queue->first = visit->next;
        if (queue->first == NULL)
            queue->last = NULL;
        queue->count--;
    }
    pthread_mutex_unlock(&queue->lock);
    return visit;
}

static void *work(void *argument)
{
    struct queue *queue = argument;
    setpriority(PRIO_PROCESS, (id_t)gettid(), queue->manner->niceness); /* Linux: of this thread */
    for (struct visit *visit = take(queue); visit != NULL; visit = take(queue))
        queue->serve(visit);
    return NULL;
}

/* --- the porch */

int64_t web_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The next whose time has come, NULL at the end; under the lock. */
static struct visit *wait_for_due(struct porch *porch)
{
    for (;;) {
        struct visit *visit = porch->first;
        if (visit == NULL && porch->is_ending)
            return NULL;
        if (visit == NULL) {
            pthread_cond_wait(&porch->changed, &porch->lock);
            continue;
        }
        if (porch->is_ending || visit->due_us <= web_clock_us())
            return visit;
        struct timespec due = {.tv_sec = visit->due_us / 1000000,
                               .tv_nsec = visit->due_us % 1000000 * 1000};
        pthread_cond_timedwait(&porch->changed, &porch->lock, &due);
    }
}

static void *refuse_all(void *argument)
{
    struct porch *porch = argument;
    pthread_mutex_lock(&porch->lock);
    for (struct visit *visit = wait_for_due(porch); visit != NULL; visit = wait_for_due(porch)) {
        porch->first = visit->next;
        if (porch->first == NULL)
            porch->last = NULL;
        pthread_mutex_unlock(&porch->lock);
        porch->refuse(visit);
        pthread_mutex_lock(&porch->lock);
    }
    pthread_mutex_unlock(&porch->lock);
    return NULL;
}

static void open_porch(struct porch *porch, void (*refuse)(struct visit *))
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&porch->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&porch->lock, NULL);
    porch->refuse = refuse;
    porch->has_thread = pthread_create(&porch->thread, NULL, refuse_all, porch) == 0;
}

bool lanes_refuse_later(struct lanes *lanes, struct visit *visit)
{
    struct porch *porch = &lanes->porch;
    pthread_mutex_lock(&porch->lock);
    bool is_open = porch->has_thread && !porch->is_ending;
    if (is_open) {
        visit_suspend(visit);
        visit->next = NULL;
        visit->due_us = web_clock_us() + REFUSED_AFTER_US;
        if (porch->last == NULL)
            porch->first = visit;
        else
            porch->last->next = visit;
        porch->last = visit;
        pthread_cond_signal(&porch->changed);
    }
    pthread_mutex_unlock(&porch->lock);
    return is_open;
}

/* --- all */

struct lanes *lanes_new(struct arena *arena, const struct lanes_options *options)
{
    struct lanes *lanes = arena_one(arena, struct lanes);
    for (size_t lane = 0; lane < LANES; lane++) {
        struct queue *queue = &lanes->queues[lane];
        queue->manner = &MANNERS[lane];
        queue->serve = options->serve;
        pthread_mutex_init(&queue->lock, NULL);
        pthread_cond_init(&queue->filled, NULL);
        size_t wanted = options->cores * MANNERS[lane].workers_a_core;
        for (size_t i = 0; i < wanted && lanes->worker_count < WORKERS_MAX; i++)
            if (pthread_create(&lanes->workers[lanes->worker_count], NULL, work, queue) == 0)
                lanes->worker_count++;
    }
    open_porch(&lanes->porch, options->refuse);
    return lanes;
}

bool lanes_add(struct lanes *lanes, enum lane lane, struct visit *visit)
{
    struct queue *queue = &lanes->queues[lane];
    pthread_mutex_lock(&queue->lock);
    bool has_room = queue->count < queue->manner->queue_max && !queue->is_ending;
    if (has_room) {
        visit_suspend(visit);
        visit->next = NULL;
        if (queue->last == NULL)
            queue->first = visit;
        else
            queue->last->next = visit;
        queue->last = visit;
        queue->count++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return has_room || (queue->manner->refuses_later && lanes_refuse_later(lanes, visit));
}

void lanes_end(struct lanes *lanes)
{
    for (size_t lane = 0; lane < LANES; lane++) {
        struct queue *queue = &lanes->queues[lane];
        pthread_mutex_lock(&queue->lock);
        queue->is_ending = true;
        pthread_cond_broadcast(&queue->filled);
        pthread_mutex_unlock(&queue->lock);
    }
    for (size_t i = 0; i < lanes->worker_count; i++)
        pthread_join(lanes->workers[i], NULL);
    pthread_mutex_lock(&lanes->porch.lock);
    lanes->porch.is_ending = true;
    pthread_cond_signal(&lanes->porch.changed);
    pthread_mutex_unlock(&lanes->porch.lock);
    if (lanes->porch.has_thread)
        pthread_join(lanes->porch.thread, NULL);
}
