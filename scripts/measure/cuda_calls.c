// Tells which calls of the CUDA runtime kept the host waiting:
//   cc -O2 -shared -fPIC -o cuda_calls.so cuda_calls.c -ldl
//   CUDA_CALLS=calls.txt LD_PRELOAD=./cuda_calls.so digitorch train ...
// A line for each call of 200 us or more: seconds since the start, microseconds,
// and the call; for a launch the kernel, too. Then the sums, by call.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kCalls = 64 };

typedef struct {
  unsigned x, y, z;
} Dim3;

static struct {
  const char* name;
  double seconds;
  long count;
} sums[kCalls];
static double start;
static FILE* file;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

__attribute__((destructor)) static void end(void) {
  if (!file) return;
  for (int i = 0; i < kCalls && sums[i].name; ++i)
    fprintf(
        file,
        "sum      %10.0f %s, %ld calls\n",
        1e6 * sums[i].seconds,
        sums[i].name,
        sums[i].count
    );
  fclose(file);
  file = NULL;
}

__attribute__((constructor)) static void begin(void) {
  const char* path = getenv("CUDA_CALLS");
  start = now();
  file = path ? fopen(path, "w") : NULL;
  at_quick_exit(end);  // how digitorch ends
}

static void told(const char* name, double from, const void* kernel) {
  const double seconds = now() - from;
  for (int i = 0; i < kCalls; ++i) {
    if (!sums[i].name) sums[i].name = name;
    if (sums[i].name != name) continue;
    sums[i].seconds += seconds;
    ++sums[i].count;
    break;
  }
  if (seconds < 200e-6 || !file) return;
  const char* of = "";
  if (kernel) {
    int (*get)(const char**, const void*) = dlsym(RTLD_NEXT, "cudaFuncGetName");
    if (!get || get(&of, kernel) != 0) of = "?";
  }
  fprintf(
      file, "%8.4f %10.0f %s %.120s\n", from - start, 1e6 * seconds, name, of
  );
}

#define WRAP(name, parameters, arguments, kernel)         \
  int name parameters {                                   \
    static int(*real) parameters;                         \
    if (!real) real = dlsym(RTLD_NEXT, #name);            \
    const double from = now();                            \
    const int result = real arguments;                    \
    told(#name, from, kernel);                            \
    return result;                                        \
  }

WRAP(cudaMalloc, (void** to, size_t size), (to, size), NULL)
WRAP(cudaFree, (void* from_there), (from_there), NULL)
WRAP(
    cudaHostAlloc,
    (void** to, size_t size, unsigned flags),
    (to, size, flags),
    NULL
)
WRAP(cudaSetDevice, (int device), (device), NULL)
WRAP(cudaGetDeviceCount, (int* count), (count), NULL)
WRAP(cudaDeviceSynchronize, (void), (), NULL)
WRAP(cudaStreamSynchronize, (void* stream), (stream), NULL)
WRAP(cudaEventSynchronize, (void* event), (event), NULL)
WRAP(
    cudaEventCreateWithFlags,
    (void** event, unsigned flags),
    (event, flags),
    NULL
)
WRAP(
    cudaStreamCreateWithPriority,
    (void** stream, unsigned flags, int priority),
    (stream, flags, priority),
    NULL
)
WRAP(
    cudaStreamBeginCapture, (void* stream, int mode), (stream, mode), NULL
)
WRAP(cudaStreamEndCapture, (void* stream, void** graph), (stream, graph), NULL)
WRAP(
    cudaGraphInstantiate,
    (void** to, void* graph, unsigned long long flags),
    (to, graph, flags),
    NULL
)
WRAP(
    cudaGraphInstantiateWithFlags,
    (void** to, void* graph, unsigned long long flags),
    (to, graph, flags),
    NULL
)
WRAP(cudaGraphLaunch, (void* graph, void* stream), (graph, stream), NULL)
WRAP(
    cudaMemcpyAsync,
    (void* to, const void* of, size_t size, int kind, void* stream),
    (to, of, size, kind, stream),
    NULL
)
WRAP(
    cudaMemsetAsync,
    (void* to, int value, size_t size, void* stream),
    (to, value, size, stream),
    NULL
)
WRAP(
    cudaFuncGetAttributes,
    (void* attributes, const void* kernel),
    (attributes, kernel),
    kernel
)
WRAP(
    cudaLaunchKernel,
    (const void* kernel,
     Dim3 blocks,
     Dim3 threads,
     void** arguments,
     size_t shared,
     void* stream),
    (kernel, blocks, threads, arguments, shared, stream),
    kernel
)
WRAP(
    __cudaLaunchKernel,
    (void* kernel,
     Dim3 blocks,
     Dim3 threads,
     void** arguments,
     size_t shared,
     void* stream),
    (kernel, blocks, threads, arguments, shared, stream),
    NULL
)
WRAP(
    __cudaGetKernel, (void** kernel, const void* of), (kernel, of), of
)
