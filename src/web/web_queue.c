/*
 * Work that may wait goes to a worker: a bounded queue and some threads for each lane, so that slow
 * work of one lane never holds up the other. What finds its queue full is turned away at once: an
 * answer that comes after its reader has gone helps no one.
 */
#include <pthread.h>

#include "web/web_room.h"
#include "web/web_visit.h"

enum {
    LANES = LANE_HEAVY + 1,
    QUEUE_MAX = 1024,
    WORKERS_A_CORE = 4, /* they wait for the database more than they work */
    HEAVY_A_CORE = 1,
    WORKERS_MAX = 320 /* of 64 cores */,
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct visit *first, *last;
    size_t count;
    bool is_ending;
    void (*serve)(struct visit *);
};

struct lanes {
    struct queue queues[LANES];
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
    for (struct visit *visit = take(queue); visit != NULL; visit = take(queue))
        queue->serve(visit);
    return NULL;
}

struct lanes *lanes_new(struct arena *arena, size_t cores, void (*serve)(struct visit *))
{
    static const size_t a_core[LANES] = {[LANE_FAST] = WORKERS_A_CORE, [LANE_HEAVY] = HEAVY_A_CORE};
    struct lanes *lanes = arena_one(arena, struct lanes);
    for (size_t lane = 0; lane < LANES; lane++) {
        struct queue *queue = &lanes->queues[lane];
        queue->serve = serve;
        pthread_mutex_init(&queue->lock, NULL);
        pthread_cond_init(&queue->filled, NULL);
        for (size_t i = 0; i < cores * a_core[lane] && lanes->worker_count < WORKERS_MAX; i++)
            if (pthread_create(&lanes->workers[lanes->worker_count], NULL, work, queue) == 0)
                lanes->worker_count++;
    }
    return lanes;
}

bool lanes_add(struct lanes *lanes, enum lane lane, struct visit *visit)
{
    struct queue *queue = &lanes->queues[lane];
    pthread_mutex_lock(&queue->lock);
    bool has_room = queue->count < QUEUE_MAX && !queue->is_ending;
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
    return has_room;
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
}
