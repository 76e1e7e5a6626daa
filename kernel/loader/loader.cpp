// SPDX-License-Identifier: Apache-2.0
// The loader: QEMU enters an ELF with the MMU off and no device tree pointer, and the kernel wants the hand-off of
// KERNEL-ABI section 1. So this program carries kernel, device tree and root task, puts each where it belongs, maps
// the kernel's virtual addresses, and jumps. It is not part of the kernel and nothing of it survives.
#include <cstdint>

namespace {

using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

struct ElfHeader {
  u32 magic;
  u32 ident[3];
  u16 type;
  u16 machine;
  u32 version;
  u64 entry;
  u64 program_headers;
  u64 section_headers;
  u32 flags;
  u16 header_size;
  u16 program_header_size;
  u16 program_header_count;
};

struct ProgramHeader {
  u32 type;
  u32 flags;
  u64 offset;
  u64 virt;
  u64 phys;
  u64 file_size;
  u64 memory_size;
  u64 align;
};

struct HandOff {
  u64 arguments[6];
  u64 ttbr0;
  u64 ttbr1;
  u64 entry;
  u64 tcr;
};

struct Extent {
  u64 start;
  u64 end;
};

constexpr u64 page = 4096;
constexpr u64 block = u64{2} << 20;
constexpr u32 elf_magic = 0x464c457f;
constexpr u32 load_segment = 1;

// Arm ARM "VMSAv8-64 descriptors": valid, AttrIndx 4 (normal), inner shareable, accessed.
constexpr u64 block_entry = 1 | (4 << 2) | (3 << 8) | (1 << 10);
constexpr u64 table_entry = 3;
// TCR_EL1: 48-bit halves, 4 KiB granules, write-back, inner shareable, 16-bit ASIDs.
constexpr u64 tcr = 16 | (1 << 8) | (1 << 10) | (3 << 12) | (u64{16} << 16) | (1 << 24) | (1 << 26) | (3 << 28) |
                    (u64{2} << 30) | (u64{1} << 36);

alignas(4096) u64 low_root[512];
alignas(4096) u64 low_gigabytes[512];
alignas(4096) u64 low_blocks[512];
alignas(4096) u64 high_root[512];
alignas(4096) u64 high_gigabytes[512];
alignas(4096) u64 high_blocks[512];

u64 round_up(u64 value, u64 size) { return (value + size - 1) & ~(size - 1); }

template <typename T>
T* at(u64 address) {
  return reinterpret_cast<T*>(address);
}

void copy(u64 target, u64 source, u64 size) {
  for (u64 i = 0; i < size; ++i) {
    at<volatile unsigned char>(target)[i] = at<const unsigned char>(source)[i];
  }
}

void clear(u64 target, u64 size) {
  for (u64 i = 0; i < size; ++i) {
    at<volatile unsigned char>(target)[i] = 0;
  }
}

[[noreturn]] void stop(const char* why) {
  for (; *why != 0; ++why) {
    *at<volatile u32>(0x0900'0000) = static_cast<u32>(*why);
  }
  for (;;) {
    asm volatile("wfi");
  }
}

/// Copies the segments of an ELF file to `virtual or physical address + shift`; answers their extent before the shift.
Extent load_segments(u64 file, bool by_phys, u64 shift, bool dry) {
  const ElfHeader* header = at<const ElfHeader>(file);
  Extent extent{~u64{0}, 0};
  if (header->magic != elf_magic) {
    stop("loader: no ELF file\n");
  }
  for (u64 i = 0; i < header->program_header_count; ++i) {
    const ProgramHeader* segment = at<const ProgramHeader>(file + header->program_headers + i * sizeof(ProgramHeader));
    if (segment->type != load_segment || segment->memory_size == 0) {
      continue;
    }
    const u64 start = by_phys ? segment->phys : segment->virt;
    const u64 end = start + segment->memory_size;
    extent.start = start < extent.start ? start : extent.start;
    extent.end = end > extent.end ? end : extent.end;
    if (!dry) {
      copy(start + shift, file + segment->offset, segment->file_size);
      clear(start + shift + segment->file_size, segment->memory_size - segment->file_size);
    }
  }
  return extent;
}

u64 first_virt(u64 file) { return at<const ProgramHeader>(file + at<const ElfHeader>(file)->program_headers)->virt; }

/// The loader's own gigabyte one to one; the kernel's from its first block to the end of the gigabyte.
void map(u64 kernel_virt, u64 kernel_phys, u64 own) {
  low_root[0] = reinterpret_cast<u64>(low_gigabytes) | table_entry;
  low_gigabytes[own >> 30] = reinterpret_cast<u64>(low_blocks) | table_entry;
  for (u64 i = 0; i < 512; ++i) {
    low_blocks[i] = ((own >> 30 << 30) + i * block) | block_entry;
  }
  high_root[(kernel_virt >> 39) & 511] = reinterpret_cast<u64>(high_gigabytes) | table_entry;
  high_gigabytes[(kernel_virt >> 30) & 511] = reinterpret_cast<u64>(high_blocks) | table_entry;
  u64 phys = kernel_phys;
  for (u64 i = (kernel_virt >> 21) & 511; i < 512; ++i) {
    high_blocks[i] = phys | block_entry;
    phys += block;
  }
}

}  // namespace

extern "C" {
extern char kernel_blob[];
extern char dtb_blob[];
extern char dtb_blob_end[];
extern char task_blob[];
[[noreturn]] void enter_kernel(const HandOff* hand_off);
void load();
}

void load() {
  const u64 kernel_file = reinterpret_cast<u64>(kernel_blob);
  const u64 task_file = reinterpret_cast<u64>(task_blob);
  const u64 dtb_file = reinterpret_cast<u64>(dtb_blob);
  const u64 dtb_size = reinterpret_cast<u64>(dtb_blob_end) - dtb_file;
  const Extent kernel = load_segments(kernel_file, true, 0, false);
  const u64 dtb = round_up(kernel.end, page);
  copy(dtb, dtb_file, dtb_size);
  const u64 task_start = round_up(dtb + dtb_size, page);
  const Extent task = load_segments(task_file, false, 0, true);
  const u64 task_virt = task.start & ~(page - 1);
  const u64 offset = task_start - task_virt;
  const u64 task_end = round_up(task.end + offset, page);
  if (task_end > kernel_file) {
    stop("loader: root task too large\n");
  }
  clear(task_start, task_end - task_start);
  static_cast<void>(load_segments(task_file, false, offset, false));
  map(first_virt(kernel_file), kernel.start, kernel_file);
  const HandOff hand_off{{task_start, task_end, offset, at<const ElfHeader>(task_file)->entry, dtb, dtb_size},
                         reinterpret_cast<u64>(low_root),
                         reinterpret_cast<u64>(high_root),
                         at<const ElfHeader>(kernel_file)->entry,
                         tcr};
  enter_kernel(&hand_off);
}
