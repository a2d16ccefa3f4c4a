using System.Collections.Immutable;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>One participant as the Collective lists it.</summary>
internal sealed record Member(string Petname, MutableReadCap Personal, ImmutableArray<byte> PublicKey, ParticipantRole Role, bool Removed)
{
    /// <summary>Whether the others take what it publishes.</summary>
    internal bool IsJoined => Role == ParticipantRole.ReadWrite && !Removed;

    /// <summary>The name under which its heads are remembered: the fingerprint of its Personal.</summary>
    internal string Key { get; } = Convert.ToHexStringLower(Personal.Fingerprint.ToArray());
}
