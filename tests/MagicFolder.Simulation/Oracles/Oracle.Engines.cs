using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    public void RoundBegins(int participant)
    {
        var watch = _watches[participant];
        watch.InRound = true;
        watch.HasWrittenHead = false;
        watch.RoundStart = _events.Count;
        watch.RoundView = VisibleTree.Read(_folders[participant].Root);
        watch.Disturbed.Clear();
        watch.SwappedOut.Clear();
        if (watch.Unrecovered) ExcuseUnreadable(_folders[participant].Root, "");
    }

    /// <summary>What a new state cannot look at when it joins what this participant had, it later takes for new files.</summary>
    private void ExcuseUnreadable(MemoryInode directory, string under)
    {
        foreach (var (path, inode) in VisibleTree.Walk(directory, under).Where(item => item.Inode.IsDirectory && (item.Inode.Mode & 0x100) == 0).ToList())
            foreach (var (below, child) in VisibleTree.Walk(inode, path + "/")) _orphans.Add((VisibleTree.Logical(below), VisibleTree.ValueOf(child)));
    }

    /// <param name="participant">Whose round.</param>
    /// <param name="well">No crash and no failure: everything that stood still was captured, published and materialized.</param>
    /// <param name="unsettled">Places that the engine has to look at again, as it says.</param>
    public void RoundEnds(int participant, bool well, IReadOnlySet<string>? unsettled = null)
    {
        var watch = _watches[participant];
        watch.InRound = false;
        if (!well)
        {
            // It has published, so that for a new state the first look is over; but what it failed to look at, it has not seen.
            if (watch is { Unrecovered: true, HasWrittenHead: true })
                foreach (var (place, value) in VisibleTree.Read(_folders[participant].Root)) _orphans.Add((VisibleTree.Logical(place), value));
            return;
        }
        CheckNothingVanished(participant, watch, unsettled?.Select(VisibleTree.Logical).ToHashSet(StringComparer.Ordinal) ?? []);
        foreach (var made in _events.Take(watch.RoundStart))
            if (made.Participant == participant && !watch.Disturbed.Contains(made.Logical) && (made.Settled || unsettled?.Contains(made.Place) != true))
            {
                made.Settled = true;
                if (watch.Heads.Count > 0) made.PublishedBy ??= watch.Heads.Keys.Max();
                made.IsStored |= !made.MayBeSuperseded && unsettled?.Contains(made.Place) != true && watch.RoundView.GetValueOrDefault(made.Place) == made.Value && ReferenceEquals(watch.Last.GetValueOrDefault(made.Place), made);
            }
        watch.Heard.UnionWith(watch.Known.Where(e =>
            e is { DecidedAt: not null, PublishedBy: { } head } && watch.Read.GetValueOrDefault(e.Participant) >= head && !watch.Disturbed.Contains(e.Logical) && unsettled?.Contains(e.Place) != true));
        watch.Touched.Clear();
        watch.Unrecovered = false;
        foreach (string place in watch.Shown.Keys.ToList())
            if (!watch.Disturbed.Contains(VisibleTree.Logical(place)) && unsettled?.Contains(place) != true) watch.Shown.Remove(place);
    }

    /// <summary>
    /// The process ended within the round. A change that the user made between the look and a swap, and at which the engine never looked again, cannot be told from one that was written
    /// to the file when it was out already: whether it follows what stood there, nobody can say.
    /// </summary>
    public void Died(int participant)
    {
        foreach (var late in _watches[participant].SwappedOut)
            foreach (var succession in At(late.Logical).SelectMany(e => e.Successors))
                if (ReferenceEquals(succession.By, late)) succession.Certain = false;
    }

    /// <summary>The state database is gone. What was not surely published is from now on only a file without a history.</summary>
    public void StateLost(int participant)
    {
        var watch = _watches[participant];
        watch.Unrecovered = true;
        watch.HasLostState = true;
        watch.Heard.Clear();
        watch.Read.Clear();
        // Without its record a conflict file is an ordinary file, if the engine does not recognize it; so its version may come back. And so may that of a file which the engine
        // put there without having published that it did.
        var shown = VisibleTree.Read(_folders[participant].Root);
        // What was written to a file that had been swapped out, and had not been put beside its place yet; whatever else has the same content.
        foreach (var late in _events.Where(e => e.Participant == participant && e.IsLate && !shown.Any(item => VisibleTree.Logical(item.Key) == e.Logical && item.Value == e.Value))) late.Weak = true;
        foreach (var (place, value) in shown)
            if (VisibleTree.IsConflictName(place) || watch.IsTouched(place)) _orphans.Add((VisibleTree.Logical(place), value));
        foreach (var decision in _events.FindAll(e => e.Participant == participant && e is { Settled: false, DecidedAt: not null })) Doubt(decision);
        foreach (var made in _events.Where(e => e.Participant == participant && !e.Settled))
        {
            made.IsCreation |= made.Value is not null;
            if (made.Value is not null && At(made.Logical).Exists(e => e != made && e.Value == made.Value)) made.Weak = true;
            foreach (var earlier in At(made.Logical))
                foreach (var succession in earlier.Successors)
                    if (ReferenceEquals(succession.By, made)) succession.Certain = false;
        }
    }

    /// <summary>The engine of a participant has changed something on its disk.</summary>
    public void DiskChanged(int participant, DiskCall call)
    {
        var watch = _watches[participant];
        Look(participant, watch, call.Path);
        if (call.To is { } to) Look(participant, watch, to);
        TakeAlong(participant, watch, call);
    }

    /// <summary>A computer forgets what of the engine's changes was not on its medium. What comes back to light has to be whole as well.</summary>
    public void PowerLost(int participant, Action loss)
    {
        var root = _folders[participant].Root;
        var before = VisibleTree.Read(root);
        loss();
        foreach (var (place, inode) in VisibleTree.Walk(root).ToList())
        {
            string value = VisibleTree.ValueOf(inode);
            if (before.GetValueOrDefault(place) == value) continue;
            _watches[participant].Touched.Add(place);
            _trace($"    {Letter(participant)} shows again {place} = {value}");
            // What its user did to it where it had come to stays, and it goes back to where it was before.
            foreach (var made in _events.Where(made => made.Participant == participant && made.Value == value && made.Logical != VisibleTree.Logical(place)))
            {
                made.Weak = true;
                _shownAgain.Add((VisibleTree.Logical(place), value));
            }
            CheckWritten(participant, _watches[participant], place, inode);
        }
        var after = VisibleTree.Read(root);
        foreach (string place in before.Keys.Where(place => !after.ContainsKey(place)))
        {
            _watches[participant].Touched.Add(place);
            _trace($"    {Letter(participant)} shows no more {place}");
        }
    }

    /// <summary>A head took effect on the grid, whether its writer heard so or not.</summary>
    public void HeadWritten(int writer, long seqnum)
    {
        _watches[writer].HasWrittenHead = true;
        _watches[writer].Heads[seqnum] = [.. _watches[writer].Known];
    }

    public void HeadRead(int reader, int writer, long seqnum)
    {
        // A new state that is shown an older past than its own cannot know what it had since: to it that is a file without a history.
        if (reader == writer && _watches[reader] is { Unrecovered: true } watch && watch.Heads.Keys.Any(newer => newer > seqnum))
            foreach (var (place, value) in VisibleTree.Read(_folders[reader].Root)) _orphans.Add((VisibleTree.Logical(place), value));
        _watches[reader].Read[writer] = seqnum;
        if (_watches[writer].Heads.TryGetValue(seqnum, out var known)) _watches[reader].Known.UnionWith(known);
    }

    private void Look(int participant, Watch watch, RelativePath path)
    {
        if (path.IsReserved || path.IsRoot) return;
        string place = path.ToString();
        watch.Touched.Add(place);
        if (watch.InRound && watch.Last.GetValueOrDefault(place) is { } last && last.Id >= watch.RoundStart)
        {
            watch.SwappedOut.Add(last);
            DoubtIfSwapped(last, _folders[participant].Find(path) is { } now ? VisibleTree.ValueOf(now) : null);
        }
        if (_folders[participant].Find(path) is not { } inode) return;
        CheckWritten(participant, watch, place, inode);
        foreach (var (below, child) in VisibleTree.Walk(inode, place + "/")) CheckWritten(participant, watch, below, child);
    }

    /// <summary>Promise: no partial file is ever visible; nothing is there that no user made.</summary>
    private void CheckWritten(int participant, Watch watch, string place, MemoryInode inode)
    {
        watch.Placed[inode] = place;
        string value = VisibleTree.ValueOf(inode);
        if (value != VisibleTree.Directory && !_written.Contains(value[1..]))
            throw Broken("no partial file", $"{Letter(participant)} shows at {place} a content that no user wrote: {value}");
    }

    /// <summary>
    /// What a round took away must have been replaced or deleted by a user in knowledge of it, and the news of that must have been able to arrive. Where the engine is not done yet, as it says
    /// itself, a version may be on its way to another name.
    /// </summary>
    private void CheckNothingVanished(int participant, Watch watch, HashSet<string> unsettled)
    {
        var now = VisibleTree.Read(_folders[participant].Root);
        var left = now.Select(pair => (VisibleTree.Logical(pair.Key), pair.Value)).ToHashSet();
        foreach (var (place, value) in watch.RoundView)
        {
            string logical = VisibleTree.Logical(place);
            if (watch.Disturbed.Contains(logical) || unsettled.Contains(logical) || left.Contains((logical, value))) continue;
            // Of several events with one value the place may have shown any.
            var behind = At(logical).FindAll(e => e.Value == value && watch.Known.Contains(e) && (!e.LocalOnly || e.Participant == participant) && e.DecidedAt is null);
            // Whether a decision was captured before it could be known, only its own engine knows.
            if (behind.Count > 0 && behind.TrueForAll(e => !e.Weak && !e.Successors.Exists(s => watch.Known.Contains(s.By) && !(s.By.DecidedAt is not null && s.By.Value == e.Value))))
                throw Broken("no version lost", $"a round of {Letter(participant)} removed {behind[0]} although nobody it can know of had replaced it");
        }
    }
}
