using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Membership;

/// <summary>Who takes part in the folder, those removed included: their keys are needed to check what was observed of them.</summary>
internal sealed class Roster
{
    private readonly Dictionary<string, Member> _byKey;

    private Roster(Collective collective, List<Member> members)
    {
        Name = collective.Name;
        Chunking = collective.ChunkingKey;
        Members = members;
        _byKey = members.ToDictionary(m => m.Key, StringComparer.Ordinal);
    }

    internal string Name { get; }

    internal ChunkingKey Chunking { get; }

    internal IReadOnlyList<Member> Members { get; }

    /// <exception cref="DamagedBytesException">Not a Collective of this folder, or of a newer format.</exception>
    internal static Roster Read(ReadOnlySpan<byte> bytes, FolderId folder)
    {
        var collective = Collective.Decode(bytes.ToArray());
        if (collective.Folder != folder) throw new DamagedBytesException(DamageReason.Malformed, "The Collective belongs to another folder.");
        var members = new List<Member>();
        foreach (var participant in collective.Participants)
        {
            if (!StatementSignature.FingerprintOf(participant.PublicKey.AsSpan()).Equals(participant.Personal.Fingerprint))
                throw new DamagedBytesException(DamageReason.BadSignature, $"The Collective lists {participant.Petname} with a key that is not its own.");
            members.Add(new Member(participant.Petname, participant.Personal, participant.PublicKey, participant.Role, participant.IsRemoved));
        }
        if (members.DistinctBy(member => member.Key).Count() != members.Count) throw new DamagedBytesException(DamageReason.Malformed, "The Collective lists one key twice.");
        return new Roster(collective, members);
    }

    /// <summary>Does the Collective let this one only read? Whoever it does not list is not asked to hold back.</summary>
    internal bool IsReadOnly(MutableReadCap personal) => Members.Any(member => member.Role == ParticipantRole.ReadOnly && member.Personal.Equals(personal));

    /// <summary>The petname behind an actor, by what was observed of it; null when nothing was.</summary>
    internal string? PetnameOf(Observation? observation) =>
        observation is not null && _byKey.TryGetValue(Convert.ToHexStringLower(observation.Fingerprint.AsSpan()), out var member) ? member.Petname : null;

    /// <summary>
    /// Checks a statement that came from anywhere: the actor is derived from a Personal that the Collective lists, and that Personal signed (folder, actor, seq, snapshot).
    /// </summary>
    /// <exception cref="DamagedBytesException">It does not verify.</exception>
    internal void Verify(FolderId folder, Observation observation)
    {
        if (!_byKey.TryGetValue(Convert.ToHexStringLower(observation.Fingerprint.AsSpan()), out var member))
            throw new DamagedBytesException(DamageReason.BadSignature, $"A version of actor {observation.Actor} is claimed for somebody whom the Collective does not list.");
        if (ActorId.Derive(observation.Fingerprint.AsSpan(), observation.Nonce.AsSpan()) != observation.Actor)
            throw new DamagedBytesException(DamageReason.BadSignature, $"The actor {observation.Actor} does not belong to {member.Petname}.");
        var message = StatementMessage.For(folder, observation.Actor, observation.Seq, observation.Snapshot);
        if (!StatementSignature.Verify(member.PublicKey.AsSpan(), message, observation.Signature.AsSpan()))
            throw new DamagedBytesException(DamageReason.BadSignature, $"The statement about version {observation.Actor}-{observation.Seq} of {member.Petname} does not verify.");
    }
}
