using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;

namespace MagicFolder.Sync.Viewing;

/// <summary>How a folder stands for one participant, as its state tells: no grid is asked.</summary>
/// <param name="Totals">What is on its disk.</param>
/// <param name="Waiting">Paths that still have to be brought to it.</param>
/// <param name="ConflictFiles">Versions that stand beside their path.</param>
/// <param name="Problems">Paths and people with trouble.</param>
/// <param name="Held">What the deletion guard holds back; null for nothing.</param>
/// <param name="Members">All participants that the Collective lists, those removed included.</param>
public sealed record FolderStanding(
    RecordTotals Totals, long Waiting, long ConflictFiles, ImmutableArray<Problem> Problems, HeldDeletions? Held, ImmutableArray<MemberStanding> Members)
{
    /// <exception cref="DamagedBytesException">The list of participants in the state is damaged.</exception>
    public static FolderStanding Of(FolderView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var state = view.State;
        return new FolderStanding(
            state.Records.Totals(), state.Pending.Count(), state.ConflictFiles.Count(), [.. state.Problems.All()], state.Guard.Read(),
            state.Collective.Read() is { } seen ? [.. Collective.Decode(seen.Content).Participants.Select(participant => Of(view, participant))] : []);
    }

    private static MemberStanding Of(FolderView view, Participant participant)
    {
        var state = view.State;
        var versions = state.Versions.Read()!;
        if (participant.Petname == view.Participant.Name)
        {
            var observed = state.Observations.ReadAll().All.Select(seen => new Dot(seen.Actor, seen.Seq));
            return new MemberStanding(
                participant.Petname, participant.Role, participant.IsRemoved, true, versions.PublishedSeq, versions.PublishedRoot == versions.Root, null,
                Named(view, participant.Petname, observed));
        }
        var head = state.Heads.Find(Convert.ToHexStringLower(participant.Personal.Fingerprint.ToArray()));
        return new MemberStanding(
            participant.Petname, participant.Role, participant.IsRemoved, false, head?.Seq ?? 0, head is not null && head.Root == versions.Root, head?.TimeMs,
            Named(view, participant.Petname, head?.Observed ?? []));
    }

    /// <summary>
    /// By name, without the maker itself. A participant that lost its state counts anew from 1, as another actor: then only the newest actor that is known here tells how far somebody is.
    /// </summary>
    private static ImmutableSortedDictionary<string, long> Named(FolderView view, string maker, IEnumerable<Dot> observed)
    {
        var current = view.State.Heads.All().Select(head => head.Actor).Append(view.State.Identity.Read()!.Actor).ToHashSet();
        var newest = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var group in observed.GroupBy(dot => view.Petnames.Of(dot.Actor), StringComparer.Ordinal))
        {
            if (group.Key == maker) continue;
            var known = group.Where(dot => current.Contains(dot.Actor)).ToArray();
            newest[group.Key] = (known.Length > 0 ? known : [.. group]).Max(dot => dot.Seq);
        }
        return newest.ToImmutable();
    }
}

/// <summary>One participant, as another one has it in front of it.</summary>
/// <param name="Petname">Its name.</param>
/// <param name="Role">What it may do.</param>
/// <param name="IsRemoved">Its part has ended.</param>
/// <param name="IsSelf">It is the one whose view this is.</param>
/// <param name="Seq">The number of its newest snapshot that was seen; 0 for none.</param>
/// <param name="IsInSync">That snapshot has the same content as this participant's.</param>
/// <param name="LastSeenMs">When it was made, by its maker's clock; null for none, and for oneself.</param>
/// <param name="Observed">The newest numbers of others that it has seen, as far as known here.</param>
public sealed record MemberStanding(
    string Petname, ParticipantRole Role, bool IsRemoved, bool IsSelf, long Seq, bool IsInSync, long? LastSeenMs, ImmutableSortedDictionary<string, long> Observed);
