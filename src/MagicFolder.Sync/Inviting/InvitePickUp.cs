using System.Collections.Immutable;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// Brings one invite as far as it goes: takes the answer, lists the newcomer, replies. Every step is saved before the next one, and each can be repeated: an answer that was taken
/// stays the one that counts, so after a crash the next pass goes on with it.
/// </summary>
internal sealed class InvitePickUp(FolderConfiguration folder, InviteStore store, IGrid grid, IRandomSource random, TimeProvider time)
{
    private readonly MutableWriteCap _collective = folder.Collective.RequireAdmin("take answers to invites");
    private readonly CollectiveEditor _editor = new(grid, folder.Folder, folder.Collective);

    /// <returns>The invite as it is saved now.</returns>
    /// <exception cref="GridException">It cannot go on now.</exception>
    internal async Task<PendingInvite> RunAsync(PendingInvite invite, CancellationToken cancel)
    {
        if (invite.State == InviteState.Waiting) invite = await LookAsync(invite, IsOver(invite) ? InviteRefusal.Expired : null, cancel);
        return invite.State == InviteState.Answered ? await FinishAsync(invite, cancel) : invite;
    }

    /// <summary>Ends an invite that waits. Whoever has answered already is told that it was taken back.</summary>
    internal async Task<PendingInvite> CancelAsync(PendingInvite invite, CancellationToken cancel)
    {
        invite = await LookAsync(invite, InviteRefusal.Cancelled, cancel);
        return invite.State == InviteState.Answered ? await FinishAsync(invite, cancel) : invite;
    }

    private bool IsOver(PendingInvite invite) => time.GetUtcNow() > invite.Expires;

    /// <param name="invite">One that waits.</param>
    /// <param name="end">Why it ends now, answered or not; null while it may be answered.</param>
    /// <param name="cancel">Stops.</param>
    private async Task<PendingInvite> LookAsync(PendingInvite invite, InviteRefusal? end, CancellationToken cancel)
    {
        var code = invite.Secrets!.Code;
        try
        {
            while (true)
            {
                var found = await grid.ReadMutableAsync(code.Answer.ToReadCap(), cancel);
                var slot = AnswerSlot.Decode(found.Content);
                if (slot.Closed is { } closed) return Save(Ended(invite, closed, end));
                if (!slot.IsEmpty) return Take(invite, slot.Answer, end);
                if (end is not { } reason) return invite;
                if (await TryCloseAsync(code.Answer, found.Seqnum, reason, cancel)) return Save(invite.Settled(StateFor(reason), reason));
            }
        }
        catch (GridException e) when (end is not null && e.Failure is GridFailure.NotFound or GridFailure.Damaged)
        {
            return Save(invite.Settled(StateFor(end.Value), end));
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { Failure: GridFailure.TooLarge })
        {
            return Save(invite.Settled(InviteState.Refused, InviteRefusal.InvalidAnswer));
        }
    }

    /// <summary>It was closed, by this program before a crash; or by somebody who has the code, and so may say anything there.</summary>
    private static PendingInvite Ended(PendingInvite invite, InviteRefusal closed, InviteRefusal? end)
    {
        var reason = closed == InviteRefusal.Cancelled || closed == end ? closed : InviteRefusal.InvalidAnswer;
        return invite.Settled(StateFor(reason), reason);
    }

    /// <summary>False when an answer came first.</summary>
    private async Task<bool> TryCloseAsync(MutableWriteCap cap, long seqnum, InviteRefusal reason, CancellationToken cancel)
    {
        try
        {
            await grid.PublishMutableAsync(cap, seqnum, AnswerSlot.ClosedFor(reason).Encode(), cancel);
            return true;
        }
        catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite)
        {
            return false;
        }
    }

    private PendingInvite Take(PendingInvite invite, ImmutableArray<byte> answer, InviteRefusal? refusal)
    {
        _ = InviteAnswer.Open(invite.Secrets!.Code.Id, invite.Secrets.SealKey.AsSpan(), answer.AsSpan());
        return Save(invite with
        {
            State = InviteState.Answered,
            Refusal = refusal,
            Fingerprint = InviteFingerprint.Of(invite.Secrets.Code.Id.AsSpan(), answer.AsSpan()),
            Secrets = invite.Secrets with { Answer = answer },
        });
    }

    private async Task<PendingInvite> FinishAsync(PendingInvite invite, CancellationToken cancel)
    {
        var secrets = invite.Secrets!;
        var answer = InviteAnswer.Open(secrets.Code.Id, secrets.SealKey.AsSpan(), secrets.Answer.AsSpan());
        var refusal = invite.Refusal ?? await ListAsync(invite, answer, cancel);
        var reply = refusal is null
            ? new InviteReply(new InviteMembership(folder.Folder, folder.Collective.ReadCap, invite.Petname, invite.Role), null)
            : new InviteReply(null, refusal);
        await ReplyAsync(secrets, reply.Seal(secrets.Code.Id, secrets.Answer.AsSpan(), answer.ReplyKey.AsSpan(), NewSealKey()), cancel);
        return Save(invite.Settled(refusal is { } reason ? StateFor(reason) : InviteState.Joined, refusal));
    }

    private async Task<InviteRefusal?> ListAsync(PendingInvite invite, InviteAnswer answer, CancellationToken cancel)
    {
        InviteRefusal? refusal = null;
        await _editor.EditAsync(
            _collective,
            collective =>
            {
                var admission = Admission.Of(collective, invite.Petname, invite.Role, answer);
                refusal = admission.Refusal;
                return admission.Changed;
            },
            cancel);
        return refusal;
    }

    /// <summary>Once: a reply that is there already was written for the same answer.</summary>
    private async Task ReplyAsync(InviteSecrets secrets, byte[] reply, CancellationToken cancel)
    {
        using var keys = MutableKeys.FromPkcs8(secrets.ReplyKey.AsSpan());
        byte[] content = new ReplySlot([.. Hpke.PublicKeyOf(secrets.SealKey.AsSpan())], [.. reply]).Encode();
        try
        {
            var found = await grid.ReadMutableAsync(secrets.Code.Reply, cancel);
            if (!ReplySlot.Decode(found.Content).Reply.IsEmpty) return;
            await grid.PublishMutableAsync(keys.ToWriteCap(), found.Seqnum, content, cancel);
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound or GridFailure.Damaged)
        {
            await grid.RewriteMutableAsync(keys, 2, content, cancel);
        }
    }

    private byte[] NewSealKey()
    {
        Span<byte> bytes = stackalloc byte[Hpke.PrivateKeyLength];
        random.Fill(bytes);
        return Hpke.DerivePrivateKey(bytes);
    }

    private PendingInvite Save(PendingInvite invite)
    {
        store.Write(invite);
        return invite;
    }

    private static InviteState StateFor(InviteRefusal reason) => reason switch
    {
        InviteRefusal.Expired => InviteState.Expired,
        InviteRefusal.Cancelled => InviteState.Cancelled,
        _ => InviteState.Refused,
    };
}
