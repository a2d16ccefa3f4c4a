using MagicFolder.Model.Versions;

namespace MagicFolder.Cli.Output;

/// <summary>What a version is, in one word and in a few.</summary>
internal static class Kinds
{
    internal const string Deleted = "deleted";

    internal static string Word(EntryValue? value) => value?.Kind switch
    {
        EntryKind.File => "file",
        EntryKind.Directory => "directory",
        EntryKind.Symlink => "symlink",
        _ => Deleted,
    };

    /// <summary>The size of a file; the word for anything else.</summary>
    internal static string Describe(EntryValue? value) => value is { Kind: EntryKind.File } ? Amounts.Bytes(value.Size) : Word(value);
}
