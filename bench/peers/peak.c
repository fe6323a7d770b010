// The machine's peak of single-precision fused multiply-adds, from registers alone, on two cores at a time: GFLOP/s per core, best of some tries.
#define _GNU_SOURCE
#include <immintrin.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

static volatile float sink;
static double best[2];

static void *run(void *argument) {
  long core = (long)argument;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
  for (int attempt = 0; attempt < 8; attempt++) {
    __m512 sums[20], x = _mm512_set1_ps(0.999f), y = _mm512_set1_ps(0.001f);
    for (int i = 0; i < 20; i++) sums[i] = _mm512_set1_ps(i * 0.001f);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    long rounds = 50000000;
    for (long n = 0; n < rounds; n++) {
#pragma GCC unroll 20
      for (int i = 0; i < 20; i++) sums[i] = _mm512_fmadd_ps(sums[i], x, y);
      __asm__ volatile("" ::"v"(sums[0]), "v"(sums[1]));
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    for (int i = 1; i < 20; i++) sums[0] = _mm512_add_ps(sums[0], sums[i]);
    sink = _mm512_reduce_add_ps(sums[0]);
    double rate = rounds * 20 * 32 / ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec));
    best[core] = rate > best[core] ? rate : best[core];
  }
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (long core = 0; core < 2; core++) pthread_create(&threads[core], 0, run, (void *)core);
  for (int core = 0; core < 2; core++) pthread_join(threads[core], 0);
  printf("%.1f %.1f\n", best[0], best[1]);
}
