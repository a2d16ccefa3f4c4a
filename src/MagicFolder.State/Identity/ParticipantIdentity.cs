using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Versions;

namespace MagicFolder.State;

/// <summary>Whose state this is.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Participant">The participant's petname.</param>
/// <param name="Actor">The actor that lives and dies with this database.</param>
/// <param name="Nonce">The 16 bytes from which, with the fingerprint of the Personal, the actor was derived.</param>
public sealed record ParticipantIdentity(FolderId Folder, string Participant, ActorId Actor, ImmutableArray<byte> Nonce)
{
    public bool Equals(ParticipantIdentity? other) =>
        other is not null && Folder == other.Folder && Participant == other.Participant && Actor == other.Actor
        && Nonce.AsSpan().SequenceEqual(other.Nonce.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Folder, Participant, Actor);
}
