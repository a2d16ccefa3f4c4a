using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Planning;

/// <summary>What has to be done under a path's own name, given that the disk is as recorded.</summary>
public enum MainActionKind
{
    /// <summary>Disk and record are right.</summary>
    None,

    /// <summary>The disk holds an equal version: extend the record, and adjust the mtime of a file where it differs.</summary>
    Adopt,

    /// <summary>Nothing is there: put the version.</summary>
    Create,

    /// <summary>An older or other version is there: exchange it.</summary>
    Replace,

    /// <summary>Remove what is there.</summary>
    Remove,

    /// <summary>A directory stays without a version of its own.</summary>
    KeepAsImplied,

    /// <summary>Make a directory without a version of its own.</summary>
    CreateImplied,

    /// <summary>Exchange a file by a directory without a version of its own.</summary>
    ReplaceByImplied,
}

/// <summary>The decision for one path: a table over what is recorded and what is desired.</summary>
public static class MainAction
{
    public static MainActionKind Decide(MaterializedRecord? record, DesiredState desired) => desired.Kind switch
    {
        MainKind.Nothing => record is null ? MainActionKind.None : MainActionKind.Remove,
        MainKind.ImpliedDirectory => record switch
        {
            null => MainActionKind.CreateImplied,
            { Value.Kind: EntryKind.Directory, Implied: true } => MainActionKind.None,
            { Value.Kind: EntryKind.Directory } => MainActionKind.KeepAsImplied,
            _ => MainActionKind.ReplaceByImplied,
        },
        _ => DecideVersion(record, desired.Main!),
    };

    private static MainActionKind DecideVersion(MaterializedRecord? record, DesiredVersion main)
    {
        if (record is null) return MainActionKind.Create;
        if (!record.Value.IsSameVersionAs(main.Value)) return MainActionKind.Replace;
        return !record.Implied && record.Dots.AsSpan().SequenceEqual(main.Dots.AsSpan()) && record.Value == main.Value
            ? MainActionKind.None
            : MainActionKind.Adopt;
    }
}
