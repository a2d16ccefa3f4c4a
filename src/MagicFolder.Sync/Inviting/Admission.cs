using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Inviting;

/// <summary>Whether an answer makes somebody a participant. Pure.</summary>
/// <param name="Changed">The Collective that lists it; null when nothing is to be written.</param>
/// <param name="Refusal">Null when it is listed, or will be.</param>
internal sealed record Admission(Collective? Changed, InviteRefusal? Refusal)
{
    internal static Admission Of(Collective collective, string petname, ParticipantRole role, InviteAnswer answer)
    {
        // By the fingerprint alone: one key is one participant, whatever else its cap says.
        if (collective.Participants.FirstOrDefault(known => known.Personal.Fingerprint.Equals(answer.Personal.Fingerprint)) is { } same)
        {
            // It is there from a pass that was interrupted.
            bool isThis = same.Petname == petname && same.Role == role && !same.IsRemoved && same.Personal.Equals(answer.Personal);
            return new Admission(null, isThis ? null : InviteRefusal.AlreadyListed);
        }
        if (collective.Participants.Any(known => known.Petname == petname)) return new Admission(null, InviteRefusal.PetnameTaken);
        if (collective.Participants.Length >= Collective.MaxParticipants) return new Admission(null, InviteRefusal.Full);
        var newcomer = new Participant(petname, role, answer.Personal, answer.PublicKey, isRemoved: false);
        return new Admission(collective.With(collective.Participants.Add(newcomer)), null);
    }
}
