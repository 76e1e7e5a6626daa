// SPDX-License-Identifier: Apache-2.0
// Reading what print() wrote. Two steps: text to a tree of lists and atoms with their places, then the tree to terms
// and nodes through the normalising constructors. Every error names the place and what was expected; the depth of the
// tree is bounded, so hostile text cannot exhaust the stack.
#include <array>
#include <charconv>
#include <memory>
#include <set>
#include <unordered_map>

#include "ir/build.hpp"
#include "ir/text.hpp"

namespace ir {

namespace {

constexpr std::size_t max_depth = 2000;

struct Item {
  enum class Kind : std::uint8_t { list, atom, text } kind = Kind::list;
  std::string text;
  std::string label;  ///< list: "1" of #1=(...)
  std::vector<Item> items;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Thrown inside this file only; becomes the Error of a Result.
struct Failure {
  std::string message;
  std::uint32_t line;
  std::uint32_t column;
};

[[noreturn]] void fail(const Item& at, const std::string& message) { throw Failure{message, at.line, at.column}; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The one list or atom that the text consists of.
  Item read_all() {
    skip_space();
    Item result = read(0);
    skip_space();
    if (position_ != text_.size()) throw Failure{"text after the end of the expression", line_, column_};
    return result;
  }

 private:
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  char take() {
    const char c = text_[position_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    return c;
  }
  void skip_space() {
    while (position_ < text_.size() && (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')) take();
  }

  Item read(std::size_t depth) {
    if (depth > max_depth) throw Failure{"lists nest deeper than " + std::to_string(max_depth), line_, column_};
    Item item;
    item.line = line_;
    item.column = column_;
    if (position_ == text_.size()) throw Failure{"expected `(`, a name or a number, found the end", line_, column_};
    if (peek() == '"') {
      item.kind = Item::Kind::text;
      item.text = quoted(item);
      // "name":sort is one atom
      while (position_ < text_.size() && peek() == ':') item.label = rest_of_atom();
      return item;
    }
    if (peek() == ')') throw Failure{"`)` without `(`", line_, column_};
    if (peek() != '(') {
      item.kind = Item::Kind::atom;
      item.text = rest_of_atom();
      const bool labels = item.text.size() > 2 && item.text.front() == '#' && item.text.back() == '=' && peek() == '(';
      if (!labels) return item;
      const std::string label = item.text.substr(1, item.text.size() - 2);
      item = read(depth + 1);
      item.label = label;
      return item;
    }
    take();
    for (;;) {
      skip_space();
      if (position_ == text_.size()) throw Failure{"`(` is not closed", item.line, item.column};
      if (peek() == ')') {
        take();
        return item;
      }
      item.items.push_back(read(depth + 1));
    }
  }

  std::string rest_of_atom() {
    std::string result;
    while (position_ < text_.size()) {
      const char c = peek();
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '(' || c == ')' || c == '"') break;
      result += take();
    }
    return result;
  }

  std::string quoted(const Item& start) {
    std::string result;
    take();
    for (;;) {
      if (position_ == text_.size()) throw Failure{"string is not closed", start.line, start.column};
      const char c = take();
      if (c == '"') return result;
      if (c != '\\') {
        result += c;
        continue;
      }
      if (position_ == text_.size()) throw Failure{"string is not closed", start.line, start.column};
      const char escaped = take();
      result += escaped == 'n' ? '\n' : escaped;
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

std::uint64_t number(const Item& item) {
  std::uint64_t value = 0;
  const std::string& text = item.text;
  const bool hex = text.starts_with("0x");
  const char* begin = text.data() + (hex ? 2 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value, hex ? 16 : 10);
  if (item.kind != Item::Kind::atom || error != std::errc{} || end != text.data() + text.size() || begin == end)
    fail(item, "expected a number, found `" + text + "`");
  return value;
}

u128 hex128(const Item& item, std::string_view text) {
  if (!text.starts_with("0x") || text.size() < 3 || text.size() > 34) fail(item, "expected a number like 0x1f");
  u128 value = 0;
  for (char c : text.substr(2)) {
    const auto digit = static_cast<unsigned>(c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99);
    if (digit > 15) fail(item, "expected a hexadecimal digit, found `" + std::string(1, c) + "`");
    value = (value << 4) | digit;
  }
  return value;
}

Sort read_sort(const Item& item, std::string_view text) {
  if (text == "bool") return Sort::boolean();
  if (text == "mem") return Sort::memory();
  if (text == "device") return Sort::device();
  unsigned width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error != std::errc{} || end != text.data() + text.size() || width < 1 || width > 128)
    fail(item, "expected a sort (bool, mem, device or 1..128 bits), found `" + std::string(text) + "`");
  return Sort::bitvec(width);
}

const std::unordered_map<std::string_view, Op>& operators() {
  static const std::unordered_map<std::string_view, Op> table = {
#define OP(enumerator, text, smt) {text, Op::enumerator},
#include "ir/ops.def"
#undef OP
  };
  return table;
}

class TermReader {
 public:
  Term term(const Item& item) {
    if (item.kind == Item::Kind::list) return labelled(item);
    if (item.kind == Item::Kind::text) {
      if (item.label.empty()) fail(item, "expected `:` and a sort after the variable's name");
      return variable(item, item.text, item.label.substr(1));
    }
    const std::string& text = item.text;
    if (text == "true" || text == "false") return boolean(text == "true");
    if (text.front() == '#') {
      const auto found = labels_.find(text.substr(1));
      if (found == labels_.end()) fail(item, "label `" + text + "` is used before it is defined");
      return found->second;
    }
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) fail(item, "expected name:sort or 0xvalue:width, found `" + text + "`");
    const std::string_view sort = std::string_view(text).substr(colon + 1);
    if (text.front() >= '0' && text.front() <= '9') return constant(item, std::string_view(text).substr(0, colon), sort);
    return variable(item, text.substr(0, colon), sort);
  }

  Term typed(const Item& item, Sort sort) {
    const Term result = term(item);
    if (!(result.sort() == sort)) fail(item, "term has the wrong sort here");
    return result;
  }
  Term variable_term(const Item& item) {
    const Term result = term(item);
    if (!result.is_variable()) fail(item, "expected a variable");
    return result;
  }
  Term bits(const Item& item) {
    const Term result = term(item);
    if (!result.sort().is_bitvec()) fail(item, "expected a bit-vector");
    return result;
  }

 private:
  Term constant(const Item& item, std::string_view digits, std::string_view sort_text) {
    const Sort sort = read_sort(item, sort_text);
    if (!sort.is_bitvec()) fail(item, "a number's sort is its width in bits");
    const u128 value = hex128(item, digits);
    if (value > mask(sort.width)) fail(item, "the value does not fit in " + std::to_string(sort.width) + " bits");
    return bv(value, sort.width);
  }

  Term variable(const Item& item, const std::string& name, std::string_view sort_text) {
    if (name.empty()) fail(item, "a variable needs a name");
    const Sort sort = read_sort(item, sort_text);
    const auto [known, inserted] = sorts_.emplace(name, sort);
    if (!inserted && !(known->second == sort)) fail(item, "variable `" + name + "` had another sort before");
    return var(name, sort);
  }

  Term labelled(const Item& item) {
    const Term result = operation(item);
    if (!item.label.empty() && !labels_.emplace(item.label, result).second)
      fail(item, "label `#" + item.label + "` is defined twice");
    return result;
  }

  void expect_items(const Item& item, std::size_t least, std::size_t most) {
    if (item.items.size() < least || item.items.size() > most)
      fail(item, "wrong number of operands for `" + item.items[0].text + "`");
  }

  Term operation(const Item& item) {
    if (item.items.empty() || item.items[0].kind != Item::Kind::atom) fail(item, "expected an operator after `(`");
    const auto found = operators().find(item.items[0].text);
    if (found == operators().end()) fail(item.items[0], "unknown operator `" + item.items[0].text + "`");
    const auto& list = item.items;
    const std::size_t any = ~std::size_t{0};
    const auto two = [&](Term (*function)(Term, Term), bool many) {
      expect_items(item, 3, many ? any : 3);
      Term result = bits(list[1]);
      for (std::size_t i = 2; i < list.size(); ++i) result = function(result, typed(list[i], result.sort()));
      return result;
    };
    switch (found->second) {
      case Op::logical_not:
        expect_items(item, 2, 2);
        return logical_not(typed(list[1], Sort::boolean()));
      case Op::logical_and: {
        std::vector<Term> parts;
        for (std::size_t i = 1; i < list.size(); ++i) parts.push_back(typed(list[i], Sort::boolean()));
        return logical_and(parts);
      }
      case Op::ite: {
        expect_items(item, 4, 4);
        const Term condition = typed(list[1], Sort::boolean());
        const Term a = term(list[2]);
        return ite(condition, a, typed(list[3], a.sort()));
      }
      case Op::equal: {
        expect_items(item, 3, 3);
        const Term a = term(list[1]);
        return eq(a, typed(list[2], a.sort()));
      }
      case Op::ult: return two(ult, false);
      case Op::slt: return two(slt, false);
      case Op::mul: return two(mul, true);
      case Op::udiv: return two(udiv, false);
      case Op::sdiv: return two(sdiv, false);
      case Op::urem: return two(urem, false);
      case Op::srem: return two(srem, false);
      case Op::bit_and: return two(bit_and, true);
      case Op::bit_or: return two(bit_or, true);
      case Op::bit_xor: return two(bit_xor, true);
      case Op::shl: return two(shl, false);
      case Op::lshr: return two(lshr, false);
      case Op::ashr: return two(ashr, false);
      case Op::sum: return sum(item);
      case Op::clz:
        expect_items(item, 2, 2);
        return clz(bits(list[1]));
      case Op::concat: {
        expect_items(item, 2, any);
        std::vector<Term> pieces;
        unsigned width = 0;
        for (std::size_t i = 1; i < list.size(); ++i) {
          pieces.push_back(bits(list[i]));
          width += pieces.back().width();
          if (width > 128) fail(item, "a concat of more than 128 bits");
        }
        return concat(pieces);
      }
      case Op::extract: {
        expect_items(item, 4, 4);
        const std::uint64_t hi = number(list[1]);
        const std::uint64_t lo = number(list[2]);
        const Term a = bits(list[3]);
        if (lo > hi || hi >= a.width()) fail(item, "slice outside the operand");
        return extract(static_cast<unsigned>(hi), static_cast<unsigned>(lo), a);
      }
      case Op::sext: {
        expect_items(item, 3, 3);
        const std::uint64_t width = number(list[1]);
        const Term a = bits(list[2]);
        if (width < a.width() || width > 128) fail(item, "sext to a width below the operand's or above 128");
        return sext(a, static_cast<unsigned>(width));
      }
      case Op::load: {
        expect_items(item, 4, 4);
        const std::uint64_t bytes = number(list[1]);
        if (bytes < 1 || bytes > 16) fail(list[1], "an access has 1 to 16 bytes");
        const Term memory = typed(list[2], Sort::memory());
        return load(memory, typed(list[3], Sort::bitvec(64)), static_cast<unsigned>(bytes));
      }
      case Op::store: {
        expect_items(item, 4, 4);
        const Term memory = typed(list[1], Sort::memory());
        const Term address = typed(list[2], Sort::bitvec(64));
        const Term value = bits(list[3]);
        if (value.width() % 8 != 0) fail(list[3], "a stored value has whole bytes");
        return store(memory, address, value);
      }
      case Op::apply: {
        expect_items(item, 3, any);
        if (list[1].kind != Item::Kind::text || list[1].text.empty()) fail(list[1], "expected the function's name in quotes");
        const Sort sort = read_sort(list[2], list[2].text);
        std::vector<Term> args;
        for (std::size_t i = 3; i < list.size(); ++i) args.push_back(term(list[i]));
        return apply(list[1].text, args, sort);
      }
      case Op::constant:
      case Op::variable:
        break;
    }
    fail(item, "`" + item.items[0].text + "` is not written as a list");
  }

  Term sum(const Item& item) {
    const auto& list = item.items;
    if (list.size() < 2 || list.size() % 2 != 0) fail(item, "expected (sum offset:width coefficient term ...)");
    Term result = bits(list[1]);
    for (std::size_t i = 2; i < list.size(); i += 2)
      result = add(result, mul(bv(hex128(list[i], list[i].text), result.width()), typed(list[i + 1], result.sort())));
    return result;
  }

  std::unordered_map<std::string, Sort> sorts_;
  std::unordered_map<std::string, Term> labels_;
};

class FunctionReader {
 public:
  Function read(const Item& item) {
    expect_head(item, "function", 2);
    function_.symbol = text(item.items[1]);
    // Nodes come in order of id, so that labels are defined before they are used.
    for (std::size_t i = 2; i < item.items.size(); ++i) field(item.items[i]);
    for (const auto& [from, to, index, at] : edges_) {
      if (to >= function_.graph.size()) fail(*at, "edge to a node that does not exist");
      function_.graph.connect(from, to, index);
    }
    if (entry_ != nullptr) {
      const std::uint64_t id = number(*entry_);
      if (id >= function_.graph.size()) fail(*entry_, "the entry node does not exist");
      function_.graph.set_entry(id);
    }
    return std::move(function_);
  }

 private:
  static void expect_head(const Item& item, std::string_view head, std::size_t least) {
    if (item.kind != Item::Kind::list || item.items.size() < least || item.items[0].text != head)
      fail(item, "expected `(" + std::string(head) + " ...)`");
  }
  static const std::string& text(const Item& item) {
    if (item.kind != Item::Kind::text) fail(item, "expected a string in quotes");
    return item.text;
  }
  static const std::string& head_of(const Item& item) {
    if (item.kind != Item::Kind::list || item.items.empty() || item.items[0].kind != Item::Kind::atom)
      fail(item, "expected a list that starts with a name");
    return item.items[0].text;
  }
  static void arity(const Item& item, std::size_t least, std::size_t most) {
    if (item.items.size() < least || item.items.size() > most)
      fail(item, "wrong number of parts in `(" + item.items[0].text + " ...)`");
  }

  AbiPlace place(const Item& kind, const Item& index) {
    AbiPlace result;
    if (kind.text == "stack") result.kind = AbiPlace::Kind::stack;
    else if (kind.text != "x") fail(kind, "expected `x` or `stack`");
    result.index = static_cast<unsigned>(number(index));
    return result;
  }
  Location where(const Item& item) {
    arity(item, 4, 4);
    return {text(item.items[1]), static_cast<std::uint32_t>(number(item.items[2])),
            static_cast<std::uint32_t>(number(item.items[3]))};
  }

  void field(const Item& item) {
    const std::string& head = head_of(item);
    const auto& list = item.items;
    if (head == "display") {
      arity(item, 2, 2);
      function_.display = text(list[1]);
    } else if (head == "unit") {
      arity(item, 2, 2);
      function_.unit = text(list[1]);
    } else if (head == "where") {
      function_.where = where(item);
    } else if (head == "flags") {
      for (std::size_t i = 1; i < list.size(); ++i) {
        if (list[i].text == "noreturn") function_.returns = false;
        else if (list[i].text == "internal") function_.internal = true;
        else if (list[i].text == "inline") function_.is_inline = true;
        else if (list[i].text == "finite_loops") function_.finite_loops = true;
        else if (list[i].text == "assumes_no_alias") function_.assumes_no_alias = true;
        else fail(list[i], "unknown flag `" + list[i].text + "`");
      }
    } else if (head == "address") {
      arity(item, 2, 2);
      function_.address = number(list[1]);
    } else if (head == "bytes") {
      arity(item, 2, 2);
      function_.bytes = number(list[1]);
    } else if (head == "parameter") {
      arity(item, 4, 4);
      function_.parameters.push_back({place(list[1], list[2]), terms_.term(list[3])});
    } else if (head == "result") {
      arity(item, 4, 4);
      function_.results.push_back({place(list[1], list[2]), Term()});
      function_.result_bits.push_back(static_cast<unsigned>(number(list[3])));
    } else if (head == "local") {
      arity(item, 5, 5);
      function_.locals.push_back({terms_.variable_term(list[2]), text(list[1]), number(list[3]), number(list[4])});
    } else if (head == "entry") {
      arity(item, 2, 2);
      entry_ = &list[1];
    } else if (head == "node") {
      node(item);
    } else {
      fail(list[0], "unknown field `" + head + "`");
    }
  }

  void node(const Item& item) {
    arity(item, 3, ~std::size_t{0});
    const std::uint64_t id = number(item.items[1]);
    if (id != function_.graph.size()) fail(item.items[1], "nodes are numbered 0, 1, 2, ... in order");
    NodeData data;
    data.node = content(item.items[2]);
    const unsigned outputs = successor_count(data.node);
    for (std::size_t i = 3; i < item.items.size(); ++i) {
      const Item& part = item.items[i];
      const std::string& head = head_of(part);
      if (head == "to") {
        arity(part, 3, 3);
        const std::uint64_t index = number(part.items[1]);
        if (index >= outputs) fail(part, "this node has no successor of that index");
        edges_.push_back({id, number(part.items[2]), static_cast<unsigned>(index), &part});
      } else if (head == "where") {
        data.where = where(part);
      } else if (head == "address") {
        arity(part, 2, 2);
        data.address = number(part.items[1]);
      } else {
        fail(part, "expected `to`, `where` or `address`");
      }
    }
    function_.graph.add(std::move(data.node), data.where, data.address);
  }

  void access_flags(const Item& item, std::size_t from, bool& is_volatile, bool& single_copy, Order& order) {
    for (std::size_t i = from; i < item.items.size(); ++i) {
      const std::string& flag = item.items[i].text;
      if (flag == "volatile") is_volatile = true;
      else if (flag == "split") single_copy = false;
      else if (flag == "acquire") order = Order::acquire;
      else if (flag == "release") order = Order::release;
      else fail(item.items[i], "unknown flag `" + flag + "`");
    }
  }

  AbiSlot slot(const Item& item) {
    arity(item, 4, 4);
    return {place(item.items[1], item.items[2]), terms_.term(item.items[3])};
  }

  Node content(const Item& item) {
    const std::string& head = head_of(item);
    const auto& list = item.items;
    const std::size_t any = ~std::size_t{0};
    if (head == "basic") {
      Basic basic;
      for (std::size_t i = 1; i < list.size(); ++i) {
        expect_head(list[i], "set", 3);
        const Term variable = terms_.variable_term(list[i].items[1]);
        basic.assignments.push_back({variable, terms_.typed(list[i].items[2], variable.sort())});
      }
      return basic;
    }
    if (head == "read") {
      arity(item, 4, any);
      Load load;
      load.bytes = static_cast<unsigned>(number(list[1]));
      load.result = terms_.variable_term(list[2]);
      load.address = terms_.typed(list[3], Sort::bitvec(64));
      access_flags(item, 4, load.is_volatile, load.single_copy, load.order);
      return load;
    }
    if (head == "write") {
      arity(item, 4, any);
      Store store;
      store.bytes = static_cast<unsigned>(number(list[1]));
      store.address = terms_.typed(list[2], Sort::bitvec(64));
      store.value = terms_.bits(list[3]);
      access_flags(item, 4, store.is_volatile, store.single_copy, store.order);
      return store;
    }
    if (head == "cond") {
      arity(item, 2, 2);
      return Cond{terms_.typed(list[1], Sort::boolean())};
    }
    if (head == "call") return call(item);
    if (head == "effect") return effect(item);
    if (head == "assert") {
      arity(item, 3, 3);
      return Assert{terms_.typed(list[2], Sort::boolean()), text(list[1])};
    }
    if (head == "choice") {
      arity(item, 3, 3);
      return Choice{terms_.variable_term(list[2]), text(list[1])};
    }
    if (head == "touch") {
      arity(item, 3, 3);
      return Touch{terms_.typed(list[2], Sort::bitvec(64)), number(list[1])};
    }
    if (head == "lifetime") {
      arity(item, 3, 3);
      if (list[1].text != "begins" && list[1].text != "ends") fail(list[1], "expected `begins` or `ends`");
      return Lifetime{terms_.variable_term(list[2]), list[1].text == "begins"};
    }
    if (head == "return") {
      Return result;
      for (std::size_t i = 1; i < list.size(); ++i) result.values.push_back(terms_.term(list[i]));
      return result;
    }
    if (head == "unreachable") {
      arity(item, 2, 2);
      return Unreachable{text(list[1])};
    }
    fail(item, "unknown node `" + head + "`");
  }

  Node call(const Item& item) {
    arity(item, 2, ~std::size_t{0});
    Call result;
    result.symbol = text(item.items[1]);
    for (std::size_t i = 2; i < item.items.size(); ++i) {
      const Item& part = item.items[i];
      if (part.kind == Item::Kind::atom && part.text == "noreturn") {
        result.returns = false;
        continue;
      }
      const std::string& head = head_of(part);
      if (head == "target") {
        arity(part, 2, 2);
        result.target = terms_.typed(part.items[1], Sort::bitvec(64));
      } else if (head == "argument") {
        result.arguments.push_back(slot(part));
      } else if (head == "result") {
        result.results.push_back(slot(part));
      } else {
        fail(part, "expected `target`, `argument`, `result` or `noreturn`");
      }
    }
    return result;
  }

  Node effect(const Item& item) {
    static constexpr std::array<std::string_view, 11> kinds = {
        "barrier", "sysreg_read",    "sysreg_write",    "sysop",           "exception", "exception_return",
        "wait",    "exclusive_load", "exclusive_store", "clear_exclusive", "atomic"};
    arity(item, 3, ~std::size_t{0});
    Effect result;
    std::size_t kind = 0;
    while (kind < kinds.size() && kinds[kind] != item.items[1].text) ++kind;
    if (kind == kinds.size()) fail(item.items[1], "unknown kind of effect `" + item.items[1].text + "`");
    result.kind = static_cast<EffectKind>(kind);
    result.detail = text(item.items[2]);
    for (std::size_t i = 3; i < item.items.size(); ++i) {
      const Item& part = item.items[i];
      if (part.kind == Item::Kind::atom) {
        if (part.text == "acquire") result.order = Order::acquire;
        else if (part.text == "release") result.order = Order::release;
        else if (part.text == "memory") result.memory_clobber = true;
        else fail(part, "unknown flag `" + part.text + "`");
        continue;
      }
      const std::string& head = head_of(part);
      arity(part, 2, 2);
      if (head == "operand") result.operands.push_back(terms_.term(part.items[1]));
      else if (head == "result") result.result = terms_.variable_term(part.items[1]);
      else if (head == "bytes") result.bytes = static_cast<unsigned>(number(part.items[1]));
      else fail(part, "expected `operand`, `result` or `bytes`");
    }
    return result;
  }

  struct Edge {
    Graph::NodeId from;
    Graph::NodeId to;
    unsigned index;
    const Item* at;
  };

  Function function_;
  TermReader terms_;
  std::vector<Edge> edges_;
  const Item* entry_ = nullptr;
};

Error located(const Failure& failure, const std::string& file) {
  return Error{"ir-text", failure.message, {file, failure.line, failure.column}};
}

}  // namespace

Result<Term> read_term(std::string_view text, const std::string& file) {
  try {
    const Item item = Lexer(text).read_all();
    return TermReader().term(item);
  } catch (const Failure& failure) {
    return located(failure, file);
  }
}

Result<Function> read_function(std::string_view text, const std::string& file) {
  try {
    const Item item = Lexer(text).read_all();
    return FunctionReader().read(item);
  } catch (const Failure& failure) {
    return located(failure, file);
  }
}

}  // namespace ir
