using System.Collections.Immutable;
using System.Text;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Inviting;

/// <summary>What a pass over all invites did.</summary>
/// <param name="Changed">Those that are in another state than before.</param>
/// <param name="Problems">Those that could not go on; they are looked at again in the next pass.</param>
public sealed record InvitePass(ImmutableArray<PendingInvite> Changed, ImmutableArray<Problem> Problems);

/// <summary>
/// The admin's side: makes invites and takes the answers to them. The two computers never need to be online at the same moment. Not for concurrent use in a process; several processes
/// may use one state directory.
/// </summary>
/// <param name="folder">The folder, with the Collective's write cap.</param>
/// <param name="stateDirectory">Where the folder's state is.</param>
/// <param name="grid">Its grid.</param>
/// <param name="newKeys"><see cref="MutableKeys.Generate"/>, unless nothing is to be protected.</param>
/// <param name="random">For the keys to which messages are sealed.</param>
/// <param name="time">Decides about expiry.</param>
public sealed class Inviter(FolderConfiguration folder, string stateDirectory, IGrid grid, Func<MutableKeys> newKeys, IRandomSource random, TimeProvider time)
{
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    /// <summary>The objects of an invite are leased once.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(28);

    private static readonly TimeSpan PreparedLifetime = TimeSpan.FromDays(1);
    private readonly InviteStore _store = new(stateDirectory);

    /// <summary>All there are, settled ones too, oldest first.</summary>
    /// <exception cref="DamagedBytesException">The file of one is damaged; the message names it.</exception>
    public ImmutableArray<PendingInvite> All() => _store.ReadAll();

    /// <summary>The same, of the folder in a state directory; needs no grid.</summary>
    /// <exception cref="DamagedBytesException">The file of one is damaged; the message names it.</exception>
    public static ImmutableArray<PendingInvite> ReadAll(string stateDirectory) => new InviteStore(stateDirectory).ReadAll();

    /// <summary>Makes an invite; its <see cref="PendingInvite.Code"/> may be handed out.</summary>
    /// <param name="petname">How the newcomer will be called.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="lifetime">How long the code is good for.</param>
    /// <param name="gridIdentity">Bytes that are the same on both sides exactly if they use the same grid.</param>
    /// <param name="cancel">Stops; then there is no invite.</param>
    /// <exception cref="RefusedException">This is not the admin's computer, or the petname is taken or unfit.</exception>
    public async Task<PendingInvite> CreateAsync(string petname, ParticipantRole role, TimeSpan lifetime, ReadOnlyMemory<byte> gridIdentity, CancellationToken cancel)
    {
        folder.Collective.RequireAdmin("invite somebody");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, MaxLifetime);
        RefuseUnfit(petname);
        await RefuseTakenAsync(petname, cancel);

        using var answerKeys = newKeys();
        using var replyKeys = newKeys();
        var invite = Prepare(petname, role, lifetime, gridIdentity.Span, answerKeys, replyKeys);
        _store.Write(invite);
        await grid.CreateMutableAsync(answerKeys, ReadOnlyMemory<byte>.Empty, cancel);
        var slot = new ReplySlot([.. Hpke.PublicKeyOf(invite.Secrets!.SealKey.AsSpan())], []);
        await grid.CreateMutableAsync(replyKeys, slot.Encode(), cancel);
        invite = invite with { State = InviteState.Waiting };
        _store.Write(invite);
        return invite;
    }

    /// <summary>One look at every invite that is under way: takes answers, adds participants, replies, ends what has expired. May be repeated at any time, after a crash too.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    /// <exception cref="RefusedException">This is not the admin's computer, or another process is at it.</exception>
    public async Task<InvitePass> PickUpAsync(CancellationToken cancel)
    {
        if (!_store.ReadAll().Any(invite => !invite.IsSettled)) return new InvitePass([], []);
        using var held = await _store.HoldAsync(time, cancel);
        var pickUp = new InvitePickUp(folder, _store, grid, random, time);
        var changed = ImmutableArray.CreateBuilder<PendingInvite>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var invite in _store.ReadAll().Where(invite => !invite.IsSettled))
        {
            if (invite.State == InviteState.Prepared)
            {
                if (time.GetUtcNow() - invite.Created > PreparedLifetime) _store.Remove(invite);
                continue;
            }
            try
            {
                var after = await pickUp.RunAsync(invite, cancel);
                if (after.State != invite.State) changed.Add(after);
            }
            catch (GridException e) when (e.Failure is not GridFailure.Unavailable)
            {
                problems.Add(new Problem($"the invite of {invite.Petname}", e.Message.TrimEnd('.'), "it is looked at again; if that does not help, take it back and invite anew"));
            }
        }
        return new InvitePass(changed.DrainToImmutable(), problems.DrainToImmutable());
    }

    /// <summary>Takes an invite back. The code is of no use any more; whoever has answered already is told.</summary>
    /// <param name="id">That of <see cref="PendingInvite"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RefusedException">There is none, or it is over.</exception>
    public async Task<PendingInvite> CancelAsync(string id, CancellationToken cancel)
    {
        using var held = await _store.HoldAsync(time, cancel);
        var invite = _store.ReadAll().FirstOrDefault(invite => invite.Id == id) ?? throw new RefusedException("There is no such invite.");
        if (invite.Outcome is { } outcome && invite.IsSettled) throw new RefusedException($"That invite is over already: {outcome}.");
        if (invite.State == InviteState.Answered)
            throw new RefusedException($"That invite was answered already, and {invite.Petname} is being added; remove the participant {invite.Petname} afterwards if it should not take part.");
        if (invite.State == InviteState.Waiting) return await new InvitePickUp(folder, _store, grid, random, time).CancelAsync(invite, cancel);
        invite = invite.Settled(InviteState.Cancelled, InviteRefusal.Cancelled);
        _store.Write(invite);
        return invite;
    }

    private PendingInvite Prepare(string petname, ParticipantRole role, TimeSpan lifetime, ReadOnlySpan<byte> gridIdentity, MutableKeys answerKeys, MutableKeys replyKeys)
    {
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var code = new InviteCode(
            folder.Folder, InviteCode.Cut(folder.Name), petname, role, answerKeys.ToWriteCap(), replyKeys.ToWriteCap().ToReadCap(), InviteCode.FingerprintOf(gridIdentity), expires);
        Span<byte> seed = stackalloc byte[Hpke.PrivateKeyLength];
        random.Fill(seed);
        return new PendingInvite
        {
            Id = Convert.ToHexStringLower(code.Id.AsSpan()),
            Petname = petname,
            Role = role,
            Created = now,
            Expires = expires,
            State = InviteState.Prepared,
            Secrets = new InviteSecrets(code, [.. answerKeys.PrivateKey.Span], [.. replyKeys.PrivateKey.Span], [.. Hpke.DerivePrivateKey(seed)], []),
        };
    }

    private async Task RefuseTakenAsync(string petname, CancellationToken cancel)
    {
        if (_store.ReadAll().Any(invite => invite.Petname == petname && invite.State is InviteState.Waiting or InviteState.Answered))
            throw new RefusedException($"{petname} is invited already; take that invite back first, or choose another name.");
        var (_, collective) = await new CollectiveEditor(grid, folder.Folder, folder.Collective).ReadAsync(cancel);
        if (collective.Participants.FirstOrDefault(known => known.Petname == petname) is { } taken)
            throw new RefusedException($"The name {petname} is taken by a participant{(taken.IsRemoved ? " that was removed" : "")}; choose another one.");
        if (collective.Participants.Length >= Collective.MaxParticipants) throw new RefusedException($"A folder has at most {Collective.MaxParticipants} participants, those that were removed included.");
    }

    private static void RefuseUnfit(string petname)
    {
        if (string.IsNullOrEmpty(petname) || petname.Any(char.IsControl) || Encoding.UTF8.GetByteCount(petname) > InviteCode.MaxNameLength)
            throw new RefusedException($"A name has 1 to {InviteCode.MaxNameLength} bytes and no control characters; choose another one.");
    }
}
