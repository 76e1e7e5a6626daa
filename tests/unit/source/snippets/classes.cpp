// SPDX-License-Identifier: Apache-2.0
// Classes, templates, references, constant expressions of C++20.
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

using u64 = std::uint64_t;
using u32 = std::uint32_t;
using u8 = std::uint8_t;

namespace {

template <typename Tag>
class Strong {
 public:
  Strong() = default;
  explicit constexpr Strong(u64 word) : word_(word) {}
  constexpr u64 word() const { return word_; }
  friend constexpr bool operator==(Strong a, Strong b) { return a.word_ == b.word_; }

 private:
  u64 word_;
};
using Badge = Strong<struct BadgeTag>;

struct Words { u64 w0, w1; };
template <unsigned Word, unsigned Lsb, unsigned Width>
struct Field {
  static constexpr u64 ones = (u64{1} << Width) - 1;
  static constexpr u64 get(Words w) { const u64 s = Word == 0 ? w.w0 : w.w1; return (s >> Lsb) & ones; }
  static constexpr Words set(Words w, u64 v) {
    if constexpr (Word == 0) return Words{(w.w0 & ~(ones << Lsb)) | ((v & ones) << Lsb), w.w1};
    else return Words{w.w0, (w.w1 & ~(ones << Lsb)) | ((v & ones) << Lsb)};
  }
};
using Kind = Field<0, 59, 5>;
using Size = Field<1, 3, 7>;

template <typename T>
struct Result { u64 head; T value_; bool ok() const { return head == 0; } T value() const { return value_; } };
Result<Badge> checked(u64 a) { if (a & 1) return {a, Badge{}}; return Result<Badge>{0, Badge(a * 3)}; }

enum class Color : u8 { Red = 1, Green, Blue = 200 };
constexpr Color next(Color c) { switch (c) { case Color::Red: return Color::Green; case Color::Green: return Color::Blue; default: return Color::Red; } }

struct Base { u32 tag; constexpr Base(u32 t) : tag(t) {} u32 twice() const { return tag * 2; } };
struct Derived : Base { u64 more = 5; bool flag{true}; Derived(u32 t, u64 m) : Base(t + 1), more(m) {} Derived(u32 t) : Base(t) {} };
struct Defaults { u64 a = 7; u32 b{static_cast<u32>(a) + 1}; u8 c[3] = {1, 2}; };
struct Counter {
  u64 n = 0;
  Counter& operator+=(u64 k) { n += k; return *this; }
  Counter& operator++() { ++n; return *this; }
  Counter operator++(int) { Counter old = *this; ++n; return old; }
  explicit operator bool() const { return n != 0; }
  operator u64() const { return n; }
  u64& operator[](u32 i) { return i ? n : n; }
  u64 operator()(u64 x, u64 y = 4) const { return n + x * y; }
  static u64 shared(u64 x) { return x ^ 0xff; }
};
struct Big { u64 v[5]; };
Big fill(u64 a) { Big b{}; for (u64& x : b.v) x = a++; return b; }
Big fill_other(u64 a) { if (a & 1) { Big x = fill(a); x.v[0] = 1; return x; } return Big{{a, a}}; }
template <typename T> constexpr T largest(T a, T b) { return a < b ? b : a; }
template <typename... Ts> constexpr u64 sum(Ts... v) { return (u64{0} + ... + v); }
constexpr u64 factorial(u64 n) { return n < 2 ? 1 : n * factorial(n - 1); }
constexpr u32 primes[] = {2, 3, 5, 7, 11, 13};
struct Pair { u32 a; u64 b; };
constexpr Pair pairs[] = {{1, 2}, {3, 4}, {5, 6}};
constinit u64 counter_global = 40;
consteval u64 twice(u64 n) { return n * 2; }
u64 by_reference(u64& x, const u64& y, u64&& z) { x += y; return z + x; }
u64& pick(bool c, u64& a, u64& b) { return c ? a : b; }
struct alignas(16) Wide { u64 a; u64 b; u64 c; };
struct Empty {};
u64 with_empty(Empty, u64 a, Empty e = {}) { (void)e; return a + sizeof(Empty); }
union Either { u32 word; u8 bytes[4]; constexpr Either(u32 w) : word(w) {} };
struct Node { Node* next; u64 key; };

}  // namespace

extern "C" {
u64 t_strong(u64 a, u64 b, u64 c) { Badge x(a), y(b & 1 ? a : c); return x == y ? x.word() : y.word() + (x != y); }
u64 t_field(u64 a, u64 b, u64 c) { Words w{a, b}; w = Kind::set(w, c); w = Size::set(w, Kind::get(w) + c); return w.w0 ^ w.w1 ^ Size::get(w); }
u64 t_result(u64 a, u64 b, u64 c) { const auto r = checked(a); if (!r.ok()) return r.head; return r.value().word() + checked(b).head + c; }
u64 t_enum_class(u64 a, u64 b, u64 c) { Color x = a & 1 ? Color::Red : a & 2 ? Color::Green : Color::Blue; x = next(x); return static_cast<u64>(x) + (x == Color::Blue ? b : c); }
u64 t_derived(u64 a, u64 b, u64 c) { Derived d(static_cast<u32>(a), b); Derived e(static_cast<u32>(c)); Base& base = d; base.tag ^= 3; return d.tag + d.twice() + d.more + e.more + e.flag + static_cast<Base&>(e).tag; }
u64 t_defaults(u64 a, u64 b, u64 c) { Defaults d; Defaults e{a}; Defaults f{.a = b, .c = {9}}; return d.a + d.b + d.c[1] + e.a + e.b + f.b * 3 + f.c[0] + f.c[2] + c; }
u64 t_counter(u64 a, u64 b, u64 c) { Counter k; k += a; ++k; Counter old = k++; (k += b) += c; u64 r = old; k[1] += 3; return r + k(a) + k(b, c) + (k ? 1 : 2) + Counter::shared(a) + k.shared(b); }
u64 t_big(u64 a, u64 b, u64 c) { Big x = fill(a); Big y = fill_other(b); x.v[b % 5] += c; y = c & 1 ? x : y; u64 h = 0; for (const u64 v : x.v) h = h * 31 + v; for (auto v : y.v) h = h * 31 + v; return h; }
u64 t_templates(u64 a, u64 b, u64 c) { return largest(a, b) + largest<u8>(static_cast<u8>(a), static_cast<u8>(c)) + sum(a, b, c, 4u) + sum(); }
u64 t_constant(u64 a, u64 b, u64 c) { constexpr u64 f = factorial(10); static_assert(f == 3628800); const u32 local[] = {4, 5, 6}; return f + primes[a % 6] + pairs[b % 3].b + pairs[1].a + local[c % 3] + twice(21) + counter_global + (std::is_constant_evaluated() ? 1000 : 0); }
u64 t_references(u64 a, u64 b, u64 c) { u64& r = pick(a & 1, b, c); r += 5; const u64& t = a + 1; u64 z = by_reference(b, c, a * 2); pick(false, b, c) = t; return z + b * 3 + c * 5 + r; }
u64 t_range(u64 a, u64 b, u64 c) { u64 v[] = {a, b, c}; u64 h = 0; for (auto& x : v) { if (x == 3) continue; x ^= h; h = h * 7 + x; } for (u32 p : primes) { if (p > 11) break; h += p; } return h; }
u64 t_bit_cast(u64 a, u64 b, u64 c) { const Words w{a, b}; struct Halves { u32 q[4]; }; const auto h = std::bit_cast<Halves>(w); return h.q[c & 3] + std::bit_cast<u64>(Badge(c)) + std::popcount(a) + std::countl_zero(b) + std::countr_zero(c) + std::rotl(a, 13) + std::rotr(static_cast<u32>(b), 5) + std::has_single_bit(c) + std::bit_width(a); }
u64 t_move(u64 a, u64 b, u64 c) { Words x{a, b}; Words y = std::move(x); std::swap(a, c); const u64 old = std::exchange(b, 7); return y.w0 + y.w1 * 3 + a * 5 + old + b + static_cast<u64>(std::forward<u64>(c)); }
u64 t_wide(u64 a, u64 b, u64 c) { Wide w{a, b, c}; Wide v = w; v.b ^= w.c; return v.a + v.b + (reinterpret_cast<u64>(&v) & 15); }
u64 t_empty(u64 a, u64 b, u64 c) { return with_empty({}, a) + with_empty(Empty{}, b, {}) + c; }
u64 t_union_class(u64 a, u64 b, u64 c) { Either e(static_cast<u32>(a)); e.bytes[b & 3] = static_cast<u8>(c); return e.word; }
u64 t_list(u64 a, u64 b, u64 c) { Node n2{nullptr, c}, n1{&n2, b}, n0{&n1, a}; u64 h = 0; for (const Node* n = &n0; n != nullptr; n = n->next) h = h * 31 + n->key; for (Node** p = &n0.next; *p; p = &(*p)->next) if ((*p)->key & 1) { *p = (*p)->next; break; } return h + (n0.next ? n0.next->key : 1); }
u64 t_bindings(u64 a, u64 b, u64 c) { auto [x, y] = Words{a, b}; u64 v[2] = {b, c}; auto& [p, q] = v; p += x; return y + v[0] * 3 + q; }
u64 t_if_init(u64 a, u64 b, u64 c) { if (const u64 s = a + b; s > c) return s; else if (auto* p = (a & 1) ? &b : nullptr) return *p + s; switch (const u64 k = a & 3; k) { case 1: return k + b; default: return k * c; } }
u64 t_bools(u64 a, u64 b, u64 c) { bool x = a & 1, y = b != 0; x |= y; y &= c > 3; x ^= true; bool z = !x == y; return x + y * 2u + z * 4u + (x < y) * 8u + (z ? 16 : 0); }
u64 t_lvalues(u64 a, u64 b, u64 c) { u64 x = a; (x = b) += 3; ++(x += c); (a & 1 ? x : b) = 9; u64 y = (x, b); return x + y * 3 + --c + (b <<= 2); }
u64 t_literals(u64 a, u64 b, u64 c) { const char* s = "hello"; static constexpr const char* names[] = {"ab", "cd"}; return s[a % 6] + names[b & 1][c & 1] + sizeof("xyz") + u'\u00e9' + 0b101 + 1'000; }
u64 t_spaceless(u64 a, u64 b, u64 c) { using A = u64[3]; A v{a, b}; v[2] = c; return v[0] ^ v[1] ^ v[2]; }
}
