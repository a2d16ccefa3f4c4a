using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Viewing;

/// <summary>Who is behind an actor, as far as this participant's state tells. Needs no grid.</summary>
public sealed class Petnames
{
    private readonly ParticipantDatabase _state;
    private readonly Dictionary<string, string> _byFingerprint;
    private readonly Dictionary<ActorId, string> _known = [];

    private Petnames(ParticipantDatabase state, Dictionary<string, string> byFingerprint)
    {
        _state = state;
        _byFingerprint = byFingerprint;
    }

    /// <summary>The name; for an actor of whom nothing is known, a word and the first digits of its id.</summary>
    public string Of(ActorId actor)
    {
        if (_known.TryGetValue(actor, out string? name)) return name;
        name = _state.Identity.Read() is { } self && self.Actor == actor ? self.Participant
            : _state.Observations.Find(actor) is { } seen && _byFingerprint.TryGetValue(Convert.ToHexStringLower(seen.Fingerprint.AsSpan()), out string? listed) ? listed
            : $"unknown ({actor})";
        _known.Add(actor, name);
        return name;
    }

    /// <summary>By the list of participants that was read last, and those of this computer.</summary>
    internal static Petnames From(ParticipantDatabase state, FolderConfiguration folder)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in state.Collective.Read() is { } seen ? Roster.Read(seen.Content, folder.Folder).Members : []) names[member.Key] = member.Petname;
        foreach (var participant in folder.Participants)
        {
            using var keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
            names[Convert.ToHexStringLower(keys.Fingerprint.ToArray())] = participant.Name;
        }
        return new Petnames(state, names);
    }

    /// <summary>By the Collective, which lists those of other computers, too.</summary>
    internal static Petnames From(ParticipantDatabase state, Roster roster) =>
        new(state, roster.Members.ToDictionary(member => member.Key, member => member.Petname, StringComparer.Ordinal));
}
