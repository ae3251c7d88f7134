/**
 * What is compiled on the machine that has the GPU, in CUDA's C++.
 *
 * @param index Of an element: dividing by 64 bits takes a GPU many times as long.
 */
export const sourceOf = (index: 'unsigned' | 'unsigned long long'): string => `
typedef ${index} Index;

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

/* Images are [planes, height, width, channels]: with channels first, each channel is a plane with one. */
struct Pooling {
  int height, width, channels, rows, columns, size[2], strides[2], before[2];
};

/* Where a cell of images lies, or of what was pooled from them. */
struct Cell {
  int row, column, channel;
  Index plane;
  /* The first cell of its plane and channel among images of another size. */
  __device__ Index first(int rows, int columns, int channels) const { return plane * rows * columns * channels + channel; }
};

__device__ Cell cell_at(Index index, int rows, int columns, int channels) {
  const Index place = index / channels, size = (Index)rows * columns;
  const unsigned inPlane = place % size;
  return {int(inPlane / columns), int(inPlane % columns), int(index % channels), place / size};
}

__device__ Index own_index() { return blockIdx.x * (Index)blockDim.x + threadIdx.x; }

/* The place in its plane of a window's first largest value. */
__device__ int first_largest(const float* plane, const Pooling& p, int row, int column) {
  const int top = row * p.strides[0] - p.before[0], left = column * p.strides[1] - p.before[1];
  int best = -1;
  float largest = 0;
  for (int r = max(top, 0); r < min(top + p.size[0], p.height); r++) {
    for (int c = max(left, 0); c < min(left + p.size[1], p.width); c++) {
      const float value = plane[(Index)(r * p.width + c) * p.channels];
      if (best < 0 || value > largest) {
        best = r * p.width + c;
        largest = value;
      }
    }
  }
  return best;
}

/* One thread for a window. */
extern "C" __global__ void max_pool(const float* images, float* out, Index count, Pooling p) {
  const Index index = own_index();
  if (index >= count) return;
  const Cell window = cell_at(index, p.rows, p.columns, p.channels);
  const float* plane = images + window.first(p.height, p.width, p.channels);
  out[index] = plane[(Index)first_largest(plane, p, window.row, window.column) * p.channels];
}

extern "C" __global__ void max_pool_places(const float* images, int* places, Index count, Pooling p) {
  const Index index = own_index();
  if (index >= count) return;
  const Cell window = cell_at(index, p.rows, p.columns, p.channels);
  const float* plane = images + window.first(p.height, p.width, p.channels);
  places[index] = first_largest(plane, p, window.row, window.column);
}

/* One thread for a pixel: the sum of the gradients of those windows that have it for their largest. */
extern "C" __global__ void max_pool_gradient(
  const int* places, const float* gradients, float* out, Index count, Pooling p) {
  const Index index = own_index();
  if (index >= count) return;
  const Cell pixel = cell_at(index, p.height, p.width, p.channels);
  const Index plane = pixel.first(p.rows, p.columns, p.channels);
  const int place = pixel.row * p.width + pixel.column;
  const int row = pixel.row + p.before[0], column = pixel.column + p.before[1];
  const int fromRow = max(0, row - p.size[0] + p.strides[0]) / p.strides[0];
  const int toRow = min(p.rows - 1, row / p.strides[0]);
  const int fromColumn = max(0, column - p.size[1] + p.strides[1]) / p.strides[1];
  const int toColumn = min(p.columns - 1, column / p.strides[1]);
  float sum = 0;
  for (int y = fromRow; y <= toRow; y++) {
    for (int x = fromColumn; x <= toColumn; x++) {
      const Index window = plane + (Index)(y * p.columns + x) * p.channels;
      if (places[window] == place) sum += gradients[window];
    }
  }
  out[index] = sum;
}

/* Adds a bias for each channel, behind which lie \`inner\` numbers of it, and makes 0 of what is negative if asked to. */
extern "C" __global__ void add_bias(
  float* images, const float* bias, Index count, int channels, int inner, int relu) {
  for (Index index = own_index(); index < count; index += (Index)gridDim.x * blockDim.x) {
    const float value = images[index] + (bias == nullptr ? 0.0f : bias[index / inner % channels]);
    images[index] = !relu || value != value || value > 0.0f ? value : 0.0f;
  }
}

struct Folding {
  int height, width, channels, rows, columns, size, before[2];
};

/* [N, height, width, C] -> [N, rows, columns, size x size x C]: blocks of pixels become channels of one; what lies beyond the image is 0. */
extern "C" __global__ void fold(const float* images, float* out, Index count, Folding f) {
  const Index index = own_index();
  if (index >= count) return;
  const Cell cell = cell_at(index, f.rows, f.columns, f.size * f.size * f.channels);
  const int place = cell.channel / f.channels;
  const int row = cell.row * f.size + place / f.size - f.before[0];
  const int column = cell.column * f.size + place % f.size - f.before[1];
  const bool isInside = row >= 0 && row < f.height && column >= 0 && column < f.width;
  out[index] = isInside ? images[((cell.plane * f.height + row) * f.width + column) * f.channels + cell.channel % f.channels] : 0.0f;
}

/* The way back. */
extern "C" __global__ void unfold(const float* folded, float* out, Index count, Folding f) {
  const Index index = own_index();
  if (index >= count) return;
  const Cell cell = cell_at(index, f.height, f.width, f.channels);
  const int row = cell.row + f.before[0], column = cell.column + f.before[1];
  const int place = row % f.size * f.size + column % f.size;
  const Index block = (cell.plane * f.rows + row / f.size) * f.columns + column / f.size;
  out[index] = folded[(block * f.size * f.size + place) * f.channels + cell.channel];
}

/* [outer, kept, inner] -> [slabs, kept]: each slab is a part of outer. Threads of a warp have neighbouring columns where inner is 1. */
extern "C" __global__ void sums_of_columns(
  const float* data, float* out, unsigned long long outer, int kept, unsigned long long perSlab) {
  __shared__ float sums[8][32];
  const int across = (kept + 31) / 32;
  const int column = blockIdx.x % across * 32 + threadIdx.x % 32;
  const unsigned long long slab = blockIdx.x / across;
  const unsigned long long end = min(outer, (slab + 1) * perSlab);
  float sum = 0;
  if (column < kept) {
#pragma unroll 8
    for (unsigned long long row = slab * perSlab + threadIdx.x / 32; row < end; row += 8) sum += data[row * kept + column];
  }
  sums[threadIdx.x / 32][threadIdx.x % 32] = sum;
  __syncthreads();
  if (threadIdx.x >= 32 || column >= kept) return;
  for (int part = 1; part < 8; part++) sum += sums[part][threadIdx.x];
  out[slab * kept + column] = sum;
}

/* The same where inner is more than 1: a block for each slab and kept index, whose threads have neighbouring inner indices. */
extern "C" __global__ void sums_of_planes(
  const float* data, float* out, unsigned long long outer, int kept, unsigned long long perSlab, int inner) {
  __shared__ float sums[256];
  const unsigned long long plane = blockIdx.x % kept, slab = blockIdx.x / kept;
  const unsigned long long end = min(outer, (slab + 1) * perSlab);
  float sum = 0;
  for (unsigned long long sample = slab * perSlab; sample < end; sample++) {
    const float* values = data + (sample * kept + plane) * inner;
    for (int index = threadIdx.x; index < inner; index += 256) sum += values[index];
  }
  sums[threadIdx.x] = sum;
  __syncthreads();
  for (int half = 128; half > 0; half /= 2) {
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = sums[0];
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
  unsigned isOther = 0;
  for (unsigned long long tensor = 0; tensor < tensors.length; tensor++) {
    const float* data = tensors.data[tensor];
    const unsigned long long count = tensors.count[tensor];
    /* Nobody waits for a number before the next is asked for. */
#pragma unroll 8
    for (unsigned long long index = first; index < count; index += step) {
      isOther |= (__float_as_uint(data[index]) & 0x7f800000u) == 0x7f800000u;
    }
  }
  if (isOther) *out = false;
}
`
