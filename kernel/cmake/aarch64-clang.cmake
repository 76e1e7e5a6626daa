# SPDX-License-Identifier: Apache-2.0
# Cross build with Clang 19 and LLD 19. The target is aarch64-linux-gnu because Clang finds Debian's freestanding
# C++20 headers for it, and none for aarch64-none-elf.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_ASM_COMPILER clang++-19)
set(CMAKE_ASM_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(KERNEL_LINK_OPTIONS --ld-path=/usr/bin/ld.lld-19)
