/** What is compiled on the machine that has the GPU, in CUDA's C++. */
export const source = `
/* Threefry-2x32 with 20 rounds, as core has it: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
__device__ uint2 threefry(unsigned key0, unsigned key1, unsigned x0, unsigned x1) {
  const unsigned keys[3] = {key0, key1, key0 ^ key1 ^ 0x1bd11bdau};
  const unsigned rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  x0 += key0;
  x1 += key1;
#pragma unroll
  for (unsigned block = 0; block < 5; block++) {
#pragma unroll
    for (unsigned round = 0; round < 4; round++) {
      const unsigned by = rotations[block % 2][round];
      x0 += x1;
      x1 = ((x1 << by) | (x1 >> (32 - by))) ^ x0;
    }
    x0 += keys[(block + 1) % 3];
    x1 += keys[(block + 2) % 3] + block + 1;
  }
  return make_uint2(x0, x1);
}

/* One thread for two numbers. */
extern "C" __global__ void uniform(const unsigned* key, float* out, unsigned samples, unsigned elements) {
  const unsigned pairs = (elements + 1) / 2;
  const unsigned long long thread = blockIdx.x * (unsigned long long)blockDim.x + threadIdx.x;
  if (thread >= (unsigned long long)samples * pairs) return;
  const unsigned sample = thread / pairs, pair = thread % pairs;
  const uint2 words = threefry(key[0], key[1], key[2 + sample], pair);
  float* row = out + (unsigned long long)sample * elements;
  row[2 * pair] = (words.x >> 8) * 0x1p-24f;
  if (2 * pair + 1 < elements) row[2 * pair + 1] = (words.y >> 8) * 0x1p-24f;
}

struct Pooling {
  int height, width, rows, columns, size[2], strides[2], before[2];
};

/* One block for an image of one channel: where each window has its first largest value, and then for each pixel the sum of the gradients of those
   windows that have it there. */
extern "C" __global__ void max_pool_places(const float* images, int* places, Pooling p) {
  const float* image = images + (unsigned long long)blockIdx.x * p.height * p.width;
  int* place = places + (unsigned long long)blockIdx.x * p.rows * p.columns;
  for (int window = threadIdx.x; window < p.rows * p.columns; window += blockDim.x) {
    const int top = window / p.columns * p.strides[0] - p.before[0];
    const int left = window % p.columns * p.strides[1] - p.before[1];
    int best = -1;
    float largest = 0;
    for (int r = max(top, 0); r < min(top + p.size[0], p.height); r++) {
      for (int c = max(left, 0); c < min(left + p.size[1], p.width); c++) {
        const float value = image[r * p.width + c];
        if (best < 0 || value > largest) {
          best = r * p.width + c;
          largest = value;
        }
      }
    }
    place[window] = best;
  }
}

extern "C" __global__ void max_pool_gradient(const int* places, const float* gradients, float* out, Pooling p) {
  const int* place = places + (unsigned long long)blockIdx.x * p.rows * p.columns;
  const float* gradient = gradients + (unsigned long long)blockIdx.x * p.rows * p.columns;
  float* image = out + (unsigned long long)blockIdx.x * p.height * p.width;
  for (int pixel = threadIdx.x; pixel < p.height * p.width; pixel += blockDim.x) {
    const int row = pixel / p.width + p.before[0], column = pixel % p.width + p.before[1];
    const int fromRow = max(0, row - p.size[0] + p.strides[0]) / p.strides[0];
    const int toRow = min(p.rows - 1, row / p.strides[0]);
    const int fromColumn = max(0, column - p.size[1] + p.strides[1]) / p.strides[1];
    const int toColumn = min(p.columns - 1, column / p.strides[1]);
    float sum = 0;
    for (int y = fromRow; y <= toRow; y++) {
      for (int x = fromColumn; x <= toColumn; x++) {
        if (place[y * p.columns + x] == pixel) sum += gradient[y * p.columns + x];
      }
    }
    image[pixel] = sum;
  }
}

struct Tensors {
  const float* data[64];
  unsigned long long count[64];
  unsigned long long length;
};

extern "C" __global__ void say_finite(bool* out) { *out = true; }

/* All threads go over all tensors; whoever meets a number that is not finite says so. */
extern "C" __global__ void all_finite(bool* out, Tensors tensors) {
  const unsigned long long first = blockIdx.x * (unsigned long long)blockDim.x + threadIdx.x;
  const unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
  bool isFinite = true;
  for (unsigned long long tensor = 0; tensor < tensors.length; tensor++) {
    const float* data = tensors.data[tensor];
    const unsigned long long count = tensors.count[tensor];
    for (unsigned long long index = first; index < count; index += step) {
      isFinite = isFinite && (__float_as_uint(data[index]) & 0x7f800000u) != 0x7f800000u;
    }
  }
  if (!isFinite) *out = false;
}
`
