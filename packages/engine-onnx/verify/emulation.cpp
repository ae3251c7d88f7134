// Kernels of kernels.cu on a processor: blocks one after another, the 256 threads of a block in turn, or as threads where they meet. Each is
// compared with plain loops; whole numbers make every sum exact. Prints how many values of each differ.
#include <algorithm>
#include <barrier>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using std::max;
using std::min;

struct Index3 {
  unsigned x, y, z;
};
struct uint2 {
  unsigned x, y;
};
static uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static thread_local Index3 blockIdx, threadIdx;
static Index3 blockDim{256, 1, 1}, gridDim{1, 1, 1};
static std::unique_ptr<std::barrier<>> meeting;

#define __device__
#define __global__
#define __shared__ static
static void __syncthreads() { meeting->arrive_and_wait(); }
static unsigned __float_as_uint(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
static unsigned long long min(unsigned long long a, unsigned long long b) { return a < b ? a : b; }

#include "kernels.cu"

using Floats = std::vector<float>;

static unsigned blocks_for(size_t count) { return unsigned((count + 255) / 256); }

template <class Kernel>
void launch(unsigned blocks, bool meet, Kernel kernel) {
  gridDim = {blocks, 1, 1};
  for (unsigned block = 0; block < blocks; block++) {
    const auto run = [&](unsigned thread) {
      blockIdx = {block, 0, 0};
      threadIdx = {thread, 0, 0};
      kernel();
    };
    if (!meet) {
      for (unsigned thread = 0; thread < 256; thread++) run(thread);
      continue;
    }
    meeting = std::make_unique<std::barrier<>>(256);
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < 256; thread++) threads.emplace_back(run, thread);
    for (auto& thread : threads) thread.join();
  }
}

static float whole_number() {
  static unsigned state = 1;
  state = state * 1664525u + 1013904223u;
  return float(int(state >> 8) % 17 - 8);
}

static Floats numbers(size_t count) {
  Floats made(count);
  for (auto& each : made) each = whole_number();
  return made;
}

static void report(const std::string& name, const Floats& got, const Floats& wanted) {
  int different = 0;
  for (size_t index = 0; index < wanted.size(); index++) different += got[index] != wanted[index];
  std::printf("%s: %d of %zu\n", name.c_str(), different, wanted.size());
}

static void pooling(int planes, int height, int width, int channels, Pooling p) {
  p.height = height, p.width = width, p.channels = channels;
  p.rows = (height + 2 * p.before[0] - p.size[0]) / p.strides[0] + 1;
  p.columns = (width + 2 * p.before[1] - p.size[1]) / p.strides[1] + 1;
  const Floats x = numbers(size_t(planes) * height * width * channels);
  const Floats dy = numbers(size_t(planes) * p.rows * p.columns * channels);
  Floats largest(dy.size()), gradient(x.size()), y(dy.size()), dx(x.size());
  size_t window = 0;
  for (int plane = 0; plane < planes; plane++)
    for (int row = 0; row < p.rows; row++)
      for (int column = 0; column < p.columns; column++)
        for (int channel = 0; channel < channels; channel++, window++) {
          long best = -1;
          for (int r = row * p.strides[0] - p.before[0]; r < row * p.strides[0] - p.before[0] + p.size[0]; r++)
            for (int c = column * p.strides[1] - p.before[1]; c < column * p.strides[1] - p.before[1] + p.size[1]; c++) {
              if (r < 0 || r >= height || c < 0 || c >= width) continue;
              const long at = ((long(plane) * height + r) * width + c) * channels + channel;
              if (best < 0 || x[at] > x[best]) best = at;
            }
          largest[window] = x[best];
          gradient[best] += dy[window];
        }
  std::vector<int> places(dy.size());
  launch(blocks_for(y.size()), false, [&] { max_pool(x.data(), y.data(), y.size(), p); });
  launch(blocks_for(y.size()), false, [&] { max_pool_places(x.data(), places.data(), y.size(), p); });
  launch(blocks_for(dx.size()), false, [&] { max_pool_gradient(places.data(), dy.data(), dx.data(), dx.size(), p); });
  report("max pool", y, largest);
  report("max pool gradient", dx, gradient);
}

/* As cuda-kernels.ts cuts it into slabs. */
static void sums(int outer, int kept, int inner, int perSlab) {
  const Floats data = numbers(size_t(outer) * kept * inner);
  Floats wanted(kept), got(kept);
  for (size_t index = 0; index < data.size(); index++) wanted[index / inner % kept] += data[index];
  const int across = inner == 1 ? (kept + 31) / 32 : kept, slabs = (outer + perSlab - 1) / perSlab;
  Floats parts(size_t(slabs) * kept);
  launch(across * slabs, true, [&] {
    if (inner == 1) sums_of_columns(data.data(), parts.data(), outer, kept, perSlab);
    else sums_of_planes(data.data(), parts.data(), outer, kept, perSlab, inner);
  });
  launch((kept + 31) / 32, true, [&] { sums_of_columns(parts.data(), got.data(), slabs, kept, slabs); });
  report("sums", got, wanted);
}

static void bias(int samples, int channels, int inner, int relu) {
  const Floats images = numbers(size_t(samples) * channels * inner), biases = numbers(channels);
  Floats got = images, wanted = images;
  for (size_t index = 0; index < wanted.size(); index++) {
    wanted[index] += biases[index / inner % channels];
    if (relu) wanted[index] = max(0.0f, wanted[index]);
  }
  launch(1, false, [&] { add_bias(got.data(), biases.data(), got.size(), channels, inner, relu); });
  report("bias", got, wanted);
}

/* What is folded and unfolded comes back, and each block of pixels lies together. */
static void folding(int samples, int height, int width, int channels, int size, int top, int left) {
  const int rows = (height + top + size - 1) / size, columns = (width + left + size - 1) / size;
  const Folding f{height, width, channels, rows, columns, size, {top, left}};
  const Floats images = numbers(size_t(samples) * height * width * channels);
  Floats folded(size_t(samples) * rows * columns * size * size * channels), wanted(folded.size()), back(images.size());
  size_t from = 0;
  for (int sample = 0; sample < samples; sample++)
    for (int y = top; y < height + top; y++)
      for (int x = left; x < width + left; x++)
        for (int channel = 0; channel < channels; channel++) {
          const size_t block = (size_t(sample) * rows + y / size) * columns + x / size;
          wanted[((block * size + y % size) * size + x % size) * channels + channel] = images[from++];
        }
  launch(blocks_for(folded.size()), false, [&] { fold(images.data(), folded.data(), folded.size(), f); });
  launch(blocks_for(back.size()), false, [&] { unfold(folded.data(), back.data(), back.size(), f); });
  report("fold", folded, wanted);
  report("unfold", back, images);
}

int main() {
  pooling(2, 7, 9, 5, {0, 0, 0, 0, 0, {3, 3}, {2, 2}, {0, 0}});
  pooling(3, 8, 6, 1, {0, 0, 0, 0, 0, {2, 3}, {1, 2}, {1, 1}});
  pooling(1, 5, 5, 33, {0, 0, 0, 0, 0, {3, 2}, {3, 2}, {1, 0}});
  sums(300, 40, 1, 64);
  sums(70, 3, 1, 70);
  sums(5, 7, 13, 1);
  sums(9, 33, 300, 4);
  bias(6, 5, 1, 1);
  bias(2, 3, 7, 0);
  folding(2, 9, 10, 3, 4, 0, 0);
  folding(1, 7, 5, 2, 2, 1, 1);
}
