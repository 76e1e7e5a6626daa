# SPDX-License-Identifier: Apache-2.0
# Cross build with Debian's GCC 12 for AArch64 (its freestanding C++20 headers need no target libraries).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_ASM_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(KERNEL_LINK_OPTIONS -no-pie)
