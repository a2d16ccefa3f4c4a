using System.Collections.Immutable;
using System.Text;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Heads;

/// <summary>One computer in the folder, as the Collective lists it. Immutable. Equality is that of all members.</summary>
public sealed record Participant
{
    /// <summary>Bytes of the longest petname, as UTF-8.</summary>
    public const int MaxPetnameLength = 256;

    /// <summary>Bytes of the longest public key accepted.</summary>
    public const int MaxPublicKeyLength = 2048;

    /// <exception cref="ArgumentException">A petname that is empty, too long or has control characters; an unknown role; a key of impossible length.</exception>
    public Participant(string petname, ParticipantRole role, MutableReadCap personal, ImmutableArray<byte> publicKey, bool isRemoved)
    {
        ArgumentException.ThrowIfNullOrEmpty(petname);
        ArgumentNullException.ThrowIfNull(personal);
        // It becomes part of the names of conflict files and of lines in logs.
        if (Encoding.UTF8.GetByteCount(petname) > MaxPetnameLength || petname.Any(char.IsControl))
            throw new ArgumentException("A petname is short and has no control characters.", nameof(petname));
        if (role is not (ParticipantRole.ReadWrite or ParticipantRole.ReadOnly)) throw new ArgumentOutOfRangeException(nameof(role));
        if (publicKey.IsDefaultOrEmpty || publicKey.Length > MaxPublicKeyLength) throw new ArgumentException("No public key, or one that is too long.", nameof(publicKey));
        (Petname, Role, Personal, PublicKey, IsRemoved) = (petname, role, personal, publicKey, isRemoved);
    }

    public string Petname { get; }

    public ParticipantRole Role { get; init; }

    /// <summary>Where its head is read. A secret.</summary>
    public MutableReadCap Personal { get; }

    /// <summary>SubjectPublicKeyInfo DER of the Personal's key, so that its statements verify even when the Personal cannot be read.</summary>
    public ImmutableArray<byte> PublicKey { get; }

    /// <summary>Removed participants stay listed: their history is still leased and their statements still verify.</summary>
    public bool IsRemoved { get; init; }

    public bool Equals(Participant? other) =>
        other is not null && Petname == other.Petname && Role == other.Role && Personal == other.Personal && IsRemoved == other.IsRemoved
        && PublicKey.AsSpan().SequenceEqual(other.PublicKey.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Petname, Personal);

    /// <summary>The petname; no secret.</summary>
    public override string ToString() => Petname;
}
