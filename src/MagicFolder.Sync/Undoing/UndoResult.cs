using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Undoing;

/// <summary>What was undone, or would be.</summary>
/// <param name="Paths">Ascending.</param>
/// <param name="Problems">Paths that are left as they are, and why.</param>
public sealed record UndoResult(ImmutableArray<UndonePath> Paths, ImmutableArray<Problem> Problems);

/// <summary>One path.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Action">What was done to it.</param>
public readonly record struct UndonePath(RelativePath Path, UndoAction Action);

/// <summary>How a change is undone.</summary>
public enum UndoAction
{
    /// <summary>It was changed; the former version is in place again.</summary>
    Reverted,

    /// <summary>It was deleted, and is there again.</summary>
    BroughtBack,

    /// <summary>It was made, and is gone again.</summary>
    Removed,
}
