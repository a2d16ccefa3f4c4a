using MagicFolder.Daemon.Api;
using MagicFolder.Model.Versions;

namespace MagicFolder.Cli.Output;

/// <summary>What a version is, in a few words.</summary>
internal static class Kinds
{
    /// <summary>The size of a file; the word for anything else.</summary>
    internal static string Describe(string kind, long size) => kind == Words.File ? Amounts.Bytes(size) : kind;

    internal static string Describe(EntryValue? value) => Describe(Words.Kind(value), value?.Size ?? 0);
}
