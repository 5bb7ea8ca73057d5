//! The languages whose comments are read: one entry each.
//!
//! Ours rather than a library's: the tables of line counters (tokei, scc) answer how many lines are comments and so
//! may be wrong about a quote in a regular expression; here one such mistake is a task that nobody wrote. A language
//! that is seldom met is described more carefully than fully: its strings end with their line where they could go
//! on, because a string that is wrongly open hides every task below it.

use super::syntax::{Block, Code, Line, Markup, Place, Quote, Rules, Special, Syntax, block, line, quote};

const NONE: Code = Code { line: &[], block: &[], quotes: &[], special: &[], escape: 0 };

const SLASHES: Line = line("//");
const HASH: Line = line("#");
const HASH_AFTER_SPACE: Line = HASH.at(Place::AfterSpace);
const HASH_FIRST: Line = HASH.at(Place::LineStart);
const SEMICOLON: Line = line(";");
const DASHES: Line = line("--");
const PERCENT: Line = line("%");
const STARS: Block = block("/*", "*/");
const NESTED_STARS: Block = STARS.nested();

const DOUBLE: Quote = quote("\"", "\"").escaped();
const SINGLE: Quote = quote("'", "'").escaped();
const DOUBLE_LINES: Quote = DOUBLE.lines();
const SINGLE_LINES: Quote = SINGLE.lines();
const TRIPLE_DOUBLE: Quote = quote("\"\"\"", "\"\"\"").escaped().lines();
const TRIPLE_SINGLE: Quote = quote("'''", "'''").escaped().lines();
const TRIPLE_RAW: Quote = quote("\"\"\"", "\"\"\"").lines();
const BACK_TICKS: Quote = quote("`", "`").lines();

const C: Code =
    Code { line: &[SLASHES], block: &[STARS], quotes: &[DOUBLE], special: &[Special::Character], ..NONE };
const SCRIPT: Code = Code {
    line: &[SLASHES, line("#!").at(Place::Margin)],
    block: &[STARS],
    quotes: &[DOUBLE, SINGLE, BACK_TICKS.escaped().hole("${", b'}')],
    special: &[Special::Regex],
    ..NONE
};
const SCRIPT_WITH_JSX: Code = Code { special: &[Special::Regex, Special::Jsx], ..SCRIPT };
const CSS: Code = Code { block: &[STARS], quotes: &[URL, DOUBLE, SINGLE], ..NONE };
const SCSS: Code = Code { line: &[SLASHES], ..CSS };
const URL: Quote = quote("url(", ")").escaped();
const PYTHON: Code = Code { line: &[HASH], quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE], ..NONE };
const HASH_ONLY: Code = Code { line: &[HASH_FIRST], ..NONE };
const LISP: Code = Code { line: &[SEMICOLON], quotes: &[DOUBLE_LINES], escape: b'\\', ..NONE };

/// What stands between `<script>` and `</script>`.
pub(super) static SCRIPT_SECTION: Code = SCRIPT;
/// What stands between `<style>` and `</style>`; `//` counts where the section says that it is SCSS or Less.
pub(super) static STYLE_SECTION: Code = CSS;
/// A `<style lang="scss">`.
pub(super) static SCSS_SECTION: Code = SCSS;
/// What stands between `<?php` and `?>`.
pub(super) static PHP_SECTION: Code = Code {
    line: &[SLASHES, HASH.unless("[")],
    block: &[STARS],
    quotes: &[DOUBLE_LINES, SINGLE_LINES, BACK_TICKS.escaped()],
    special: &[Special::PhpEnd, Special::Heredoc],
    ..NONE
};

const fn code(name: &'static str, files: &'static str, code: Code) -> Rules {
    Rules { name, files, interpreters: "", syntax: Syntax::Code(code) }
}

const fn run_by(interpreters: &'static str, rules: Rules) -> Rules {
    Rules { interpreters, ..rules }
}

const fn markup(name: &'static str, files: &'static str, markup: Markup) -> Rules {
    Rules { name, files, interpreters: "", syntax: Syntax::Markup(markup) }
}

/// Every language, in no order that matters: no file name belongs to two of them.
#[rustfmt::skip]
pub(super) static LANGUAGES: &[Rules] = &[
    code("Rust", "rs", Code {
        line: &[SLASHES], block: &[NESTED_STARS], quotes: &[DOUBLE_LINES],
        special: &[Special::RustRaw, Special::Character], ..NONE
    }),
    run_by("node deno bun nodejs", code("JavaScript", "js mjs cjs jsx es6", SCRIPT_WITH_JSX)),
    run_by("ts-node tsx", code("TypeScript", "ts mts cts", SCRIPT)),
    code("TypeScript JSX", "tsx", SCRIPT_WITH_JSX),
    code("JSON with comments", "jsonc json5 code-workspace /tsconfig.json /jsconfig.json /.eslintrc.json", Code {
        line: &[SLASHES], block: &[STARS], quotes: &[DOUBLE, SINGLE], ..NONE
    }),
    run_by("python python2 python3 pypy pypy3", code(
        "Python", "py pyi pyw pyx pxd bzl star gyp gypi /sconstruct /sconscript /build /workspace /build.bazel \
        /workspace.bazel /module.bazel /tiltfile /meson.build /meson_options.txt", PYTHON)),
    code("Go", "go", Code { quotes: &[DOUBLE, BACK_TICKS], ..C }),
    code("Go module", "/go.mod /go.work", Code { line: &[SLASHES], ..NONE }),
    code("Java", "java", Code { quotes: &[TRIPLE_DOUBLE, DOUBLE], ..C }),
    code("Kotlin", "kt kts", Code {
        block: &[NESTED_STARS], quotes: &[TRIPLE_RAW.hole("${", b'}'), DOUBLE.hole("${", b'}')], ..C
    }),
    run_by("groovy", code("Groovy", "groovy gradle /jenkinsfile", Code {
        quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE.hole("${", b'}'), SINGLE], special: &[], ..C
    })),
    run_by("scala", code("Scala", "scala sc sbt", Code { block: &[NESTED_STARS], quotes: &[TRIPLE_RAW, DOUBLE], ..C })),
    code("C", "c h", C),
    code("C++", "cc cpp cxx c++ hh hpp hxx h++ ipp tpp inl ino cu cuh metal",
        Code { special: &[Special::CppRaw, Special::Character], ..C }),
    code("Objective-C", "m mm", C),
    code("C#", "cs csx", Code {
        quotes: &[TRIPLE_RAW, quote("\"", "\"").lines().after("@"), quote("\"", "\"").lines().after("@$"), DOUBLE], ..C
    }),
    run_by("dotnet-script fsi", code("F#", "fs fsi fsx", Code {
        block: &[block("(*", "*)").nested()], quotes: &[TRIPLE_RAW, quote("\"", "\"").lines().after("@"), DOUBLE], ..C
    })),
    code("Swift", "swift", Code {
        block: &[NESTED_STARS], quotes: &[TRIPLE_DOUBLE.hole("\\(", b')'), DOUBLE.hole("\\(", b')')],
        special: &[Special::SwiftRaw], ..C
    }),
    code("Dart", "dart", Code {
        block: &[NESTED_STARS],
        quotes: &[quote("\"", "\"").after("r"), quote("'", "'").after("r"), TRIPLE_DOUBLE.hole("${", b'}'),
            TRIPLE_SINGLE.hole("${", b'}'), DOUBLE.hole("${", b'}'), SINGLE.hole("${", b'}')],
        special: &[], ..C
    }),
    code("Zig", "zig zon", Code {
        block: &[], quotes: &[quote("\\\\", "\n"), DOUBLE], ..C
    }),
    code("Protocol Buffers", "proto thrift capnp fbs", Code { quotes: &[DOUBLE, SINGLE], special: &[], ..C }),
    code("Shader", "glsl vert frag geom comp hlsl wgsl", C),
    code("Solidity", "sol", Code { quotes: &[DOUBLE, SINGLE], special: &[], ..C }),
    code("Verilog", "v sv svh", Code { special: &[], ..C }),
    run_by("ruby jruby rake", code("Ruby", "rb rake gemspec ru podspec rbi /rakefile /gemfile /vagrantfile /podfile \
        /fastfile /brewfile /guardfile /capfile", Code {
        line: &[HASH], block: &[block("=begin", "\n=end").at(Place::Margin)],
        quotes: &[DOUBLE_LINES.hole("#{", b'}'), SINGLE_LINES, BACK_TICKS.escaped().hole("#{", b'}')],
        special: &[Special::Data, Special::RubyHeredoc, Special::Percent, Special::Regex], ..NONE
    })),
    run_by("crystal", code("Crystal", "cr", Code {
        line: &[HASH], quotes: &[DOUBLE_LINES.hole("#{", b'}')],
        special: &[Special::RubyHeredoc, Special::Percent, Special::Regex, Special::Character], ..NONE
    })),
    run_by("php", markup("PHP", "php phtml php5 php7 phps inc", Markup::Php)),
    run_by("sh bash zsh dash ksh ash mksh", code(
        "Shell", "sh bash zsh ksh bats ebuild /.bashrc /.bash_profile /.bash_aliases /.profile /.zshrc /.zprofile \
        /.zshenv /.envrc /pkgbuild /apkbuild", Code {
        line: &[HASH_AFTER_SPACE],
        quotes: &[quote("${", "}").escaped(), SINGLE_LINES.after("$"), quote("'", "'").lines(),
            DOUBLE_LINES.hole("$(", b')'), quote("`", "`").escaped()],
        special: &[Special::Heredoc], escape: b'\\', ..NONE
    })),
    run_by("fish", code("fish", "fish", Code {
        line: &[HASH_AFTER_SPACE], quotes: &[SINGLE_LINES, DOUBLE_LINES], escape: b'\\', ..NONE
    })),
    code("PowerShell", "ps1 psm1 psd1", Code {
        line: &[HASH_AFTER_SPACE], block: &[block("<#", "#>")],
        quotes: &[quote("@\"\n", "\n\"@").lines(), quote("@'\n", "\n'@").lines(),
            quote("\"", "\"").escaped_by(b'`').lines(), quote("'", "'").lines()], ..NONE
    }),
    code("Batch", "bat cmd", Code {
        line: &[line("rem ").at(Place::LineStart), line("REM ").at(Place::LineStart),
            line("Rem ").at(Place::LineStart), line("::").at(Place::LineStart)], ..NONE
    }),
    Rules { name: "YAML", files: "yaml yml /.clang-format /.clang-tidy", interpreters: "", syntax: Syntax::Yaml },
    code("TOML", "toml /pipfile", Code {
        line: &[HASH],
        quotes: &[TRIPLE_DOUBLE, quote("'''", "'''").lines(), DOUBLE, quote("'", "'")], ..NONE
    }),
    code("INI", "ini cfg conf properties desktop service /.editorconfig /.npmrc /.gitconfig /.gitmodules /.flake8 \
        /.pylintrc /.coveragerc", Code { line: &[HASH_FIRST, SEMICOLON.at(Place::LineStart)], ..NONE }),
    code("Settings", "env /.gitignore /.dockerignore /.npmignore /.prettierignore /.eslintignore /.gitattributes \
        /.mailmap /codeowners /procfile /requirements.txt", HASH_ONLY),
    code("SQL", "sql psql pgsql ddl dml", Code {
        line: &[DASHES], block: &[NESTED_STARS],
        quotes: &[quote("'", "'").lines(), quote("\"", "\"").lines(), quote("`", "`")],
        special: &[Special::Dollar], ..NONE
    }),
    markup("HTML", "html htm xhtml vue svelte", Markup::Html),
    markup("Astro", "astro", Markup::Astro),
    markup("XML", "xml svg xsd xsl xslt xaml csproj fsproj vbproj props targets wsdl plist nuspec storyboard xib", Markup::Xml),
    code("CSS", "css pcss postcss", CSS),
    code("SCSS", "scss sass less styl", SCSS),
    run_by("make gmake", code("Makefile", "mk mak make /makefile /gnumakefile /bsdmakefile /makefile.am /makefile.in", Code {
        line: &[HASH_AFTER_SPACE],
        quotes: &[quote("\"", "\"").escaped().apart(), quote("'", "'").apart()], escape: b'\\', ..NONE
    })),
    run_by("just", code("Justfile", "just /justfile /.justfile", Code {
        line: &[HASH_AFTER_SPACE], quotes: &[DOUBLE.apart(), quote("'", "'").apart()], ..NONE
    })),
    code("Dockerfile", "dockerfile containerfile /dockerfile /containerfile", Code {
        line: &[HASH_FIRST], special: &[Special::Heredoc], ..NONE
    }),
    run_by("lua luajit", code("Lua", "lua luau rockspec", Code {
        line: &[DASHES], quotes: &[DOUBLE, SINGLE], special: &[Special::LongBracket], ..NONE
    })),
    code("Terraform", "tf tfvars hcl nomad", Code {
        line: &[HASH, SLASHES], block: &[STARS], quotes: &[DOUBLE.hole("${", b'}')],
        special: &[Special::Heredoc], ..NONE
    }),
    run_by("elixir", code("Elixir", "ex exs heex", Code {
        line: &[HASH],
        quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE_LINES.hole("#{", b'}'), SINGLE.apart()],
        special: &[Special::Regex], ..NONE
    })),
    run_by("escript", code("Erlang", "erl hrl escript", Code {
        line: &[PERCENT], quotes: &[DOUBLE_LINES, SINGLE], escape: b'$', ..NONE
    })),
    run_by("runhaskell", code("Haskell", "hs lhs elm purs", Code {
        line: &[DASHES.unless("><=+*/\\.&!~^")], block: &[block("{-", "-}").nested()], quotes: &[DOUBLE],
        special: &[Special::Character], ..NONE
    })),
    run_by("ocaml", code("OCaml", "ml mli mll mly", Code {
        block: &[block("(*", "*)").nested()], quotes: &[DOUBLE_LINES], special: &[Special::Character], ..NONE
    })),
    run_by("perl", code("Perl", "pl pm t", Code {
        line: &[HASH_AFTER_SPACE],
        block: &[block("=pod", "\n=cut").at(Place::Margin), block("=head", "\n=cut").at(Place::Margin),
            block("=begin", "\n=cut").at(Place::Margin), block("=over", "\n=cut").at(Place::Margin)],
        quotes: &[DOUBLE, SINGLE.apart()], special: &[Special::Data, Special::RubyHeredoc], escape: b'\\',
    })),
    run_by("Rscript", code("R", "r rmd", Code { line: &[HASH], quotes: &[DOUBLE_LINES, SINGLE_LINES], ..NONE })),
    run_by("julia", code("Julia", "jl", Code {
        line: &[HASH], block: &[block("#=", "=#").nested()],
        quotes: &[TRIPLE_DOUBLE, DOUBLE_LINES.hole("$(", b')')], special: &[Special::Character], ..NONE
    })),
    code("Nix", "nix", Code {
        line: &[HASH], block: &[STARS],
        quotes: &[quote("''", "''").lines().hole("${", b'}'), DOUBLE_LINES.hole("${", b'}')], ..NONE
    }),
    run_by("nim", code("Nim", "nim nims nimble", Code {
        line: &[HASH], block: &[block("#[", "]#").nested()], quotes: &[TRIPLE_RAW, DOUBLE],
        special: &[Special::Character], ..NONE
    })),
    code("GraphQL", "graphql gql graphqls", Code { line: &[HASH], quotes: &[TRIPLE_DOUBLE, DOUBLE], ..NONE }),
    code("CMake", "cmake /cmakelists.txt", Code {
        line: &[HASH], block: &[block("#[[", "]]"), block("#[=[", "]=]")],
        quotes: &[DOUBLE_LINES, quote("[[", "]]").lines(), quote("[=[", "]=]").lines()], ..NONE
    }),
    code("Lisp", "clj cljs cljc edn el lisp lsp cl scm ss rkt fnl", LISP),
    code("TeX", "tex sty cls", Code { line: &[PERCENT], escape: b'\\', ..NONE }),
    code("Vim script", "vim vimrc /.vimrc", Code { line: &[line("\"").at(Place::LineStart), HASH_FIRST], ..NONE }),
    code("Fortran", "f90 f95 f03 f08", Code { line: &[line("!")], quotes: &[quote("\"", "\""), quote("'", "'")], ..NONE }),
    code("Ada and VHDL", "adb ads vhd vhdl", Code { line: &[DASHES], quotes: &[quote("\"", "\"")], ..NONE }),
    code("Pascal", "pas pp dpr lpr", Code {
        line: &[SLASHES], block: &[block("{", "}"), block("(*", "*)")], quotes: &[quote("'", "'")], ..NONE
    }),
    code("Visual Basic", "vb vbs bas", Code { line: &[line("'")], quotes: &[quote("\"", "\"")], ..NONE }),
    run_by("tclsh wish", code("Tcl", "tcl", Code { line: &[HASH_FIRST], escape: b'\\', ..NONE })),
    run_by("awk gawk", code("Awk", "awk", Code { line: &[HASH], quotes: &[DOUBLE], special: &[Special::Regex], ..NONE })),
];
