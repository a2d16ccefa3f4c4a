using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>What a computer may do with a folder's Collective: its admin writes it, everybody else reads it. A secret; equal when the caps are.</summary>
public sealed record CollectiveAccess
{
    private CollectiveAccess(MutableReadCap readCap, MutableWriteCap? writeCap) => (ReadCap, WriteCap) = (readCap, writeCap);

    public MutableReadCap ReadCap { get; }

    /// <summary>Null on a computer that is not the admin's.</summary>
    public MutableWriteCap? WriteCap { get; }

    public bool IsAdmin => WriteCap is not null;

    public static CollectiveAccess OfAdmin(MutableWriteCap cap) => new(cap.ToReadCap(), cap);

    public static CollectiveAccess OfReader(MutableReadCap cap) => new(cap, null);

    /// <summary>From what <see cref="ToUriString"/> gives.</summary>
    /// <exception cref="DamagedShareException">Not a cap of a mutable file.</exception>
    public static CollectiveAccess Parse(string text) => Cap.Parse(text) is MutableWriteCap write ? OfAdmin(write) : OfReader(Cap.Parse<MutableReadCap>(text));

    /// <summary>The greater cap as text. It reveals the secret: only for storing.</summary>
    public string ToUriString() => (WriteCap ?? (Cap)ReadCap).ToUriString();

    /// <summary>The right to write.</summary>
    /// <param name="toDo">What only the admin may do, as it stands behind "can", e.g. "remove somebody".</param>
    /// <exception cref="RefusedException">This is not the admin's computer.</exception>
    internal MutableWriteCap RequireAdmin(string toDo) =>
        WriteCap ?? throw new RefusedException($"Only the admin of the folder can {toDo}: do it on the computer where the folder was made.");

    /// <summary>Redacted.</summary>
    public override string ToString() => (WriteCap ?? (Cap)ReadCap).ToString();
}
