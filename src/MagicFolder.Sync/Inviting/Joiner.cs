using System.Collections.Immutable;
using System.Globalization;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// The invitee's side: begin, answer, and look for the reply until it is there. All that is needed to go on after a crash is in the state directory before anything is on the grid.
/// </summary>
/// <param name="stateDirectory">That of the folder to be; it exists.</param>
/// <param name="grid">The grid that the code is for.</param>
/// <param name="newKeys"><see cref="MutableKeys.Generate"/>, unless nothing is to be protected.</param>
/// <param name="random">For the keys to which messages are sealed.</param>
/// <param name="time">For saying that a code has expired; the admin's computer decides.</param>
public sealed class Joiner(string stateDirectory, IGrid grid, Func<MutableKeys> newKeys, IRandomSource random, TimeProvider time)
{
    /// <summary>Checks the code, makes keys and saves them. Begun again with the same code for the same place, it goes on with the same keys.</summary>
    /// <param name="code">From the admin.</param>
    /// <param name="gridIdentity">Bytes that are the same on both sides exactly if they use the same grid.</param>
    /// <param name="gridPath">Path of the grid directory or grid file, for the configuration.</param>
    /// <param name="path">The directory that will take part.</param>
    /// <param name="leaseSecret"><see cref="FolderFounding.NewLeaseSecret"/>.</param>
    /// <param name="localName">What the folder will be called on this computer; null for what the code calls it.</param>
    /// <exception cref="RefusedException">The code is for another grid or has expired, or another folder is being joined with this state directory, or is there.</exception>
    public PendingJoin Begin(InviteCode code, ReadOnlySpan<byte> gridIdentity, string gridPath, string path, ImmutableArray<byte> leaseSecret, string? localName = null)
    {
        if (File.Exists(Path.Combine(stateDirectory, FolderConfiguration.FileName)))
            throw new RefusedException("There is a folder in this state directory already; give another one.");
        if (PendingJoin.Find(stateDirectory) is { } known)
        {
            return known.Code.Equals(code) && known.Path == path && known.LocalName == localName
                ? known
                : throw new RefusedException($"{known.Name} is being joined with this state directory, in {known.Path}; give another one, or give that up first.");
        }
        code.RequireGrid(gridIdentity);
        RefuseExpired(code);
        using var keys = newKeys();
        var join = new PendingJoin { Code = code, LocalName = localName, Grid = gridPath, Path = path, LeaseSecret = leaseSecret, PersonalKey = [.. keys.PrivateKey.Span], SealKey = [.. NewSealKey()] };
        join.Save(stateDirectory);
        return join;
    }

    /// <summary>Answers the invite. May be repeated; the first answer is the one that counts.</summary>
    /// <exception cref="RefusedException">
    /// The code was used or taken back, or has expired. Nothing is under way any more, unless an earlier call may have answered: then the keys stay until <see cref="GiveUp"/>.
    /// </exception>
    /// <exception cref="GridException">The storage cannot be reached now, or has nothing for this code.</exception>
    public async Task<PendingJoin> AnswerAsync(CancellationToken cancel)
    {
        var join = Current();
        bool isNew = join.Answer.IsEmpty;
        try
        {
            if (isNew)
            {
                join = await MakeAnswerAsync(join, cancel);
                join.Save(stateDirectory);
            }
            await PublishAsync(join, cancel);
            return join;
        }
        catch (RefusedException) when (isNew)
        {
            // Nobody has seen these keys.
            GiveUp();
            throw;
        }
    }

    /// <summary>One look for the reply. The folder's configuration when this computer takes part now: it is saved, and the join is over. Null while the admin's computer has not replied.</summary>
    /// <exception cref="RefusedException">It does not take part, and will not with this code.</exception>
    /// <exception cref="GridException">The storage cannot be reached now, or has lost something.</exception>
    /// <exception cref="DamagedBytesException">The reply, or the list of participants, is not what it should be.</exception>
    public async Task<FolderConfiguration?> LookAsync(CancellationToken cancel)
    {
        var join = Current();
        if (join.Answer.IsEmpty) throw new InvalidOperationException("There is no answer yet.");
        var slot = ReplySlot.Decode((await grid.ReadMutableAsync(join.Code.Reply, cancel)).Content);
        if (slot.Reply.IsEmpty)
        {
            await PublishAsync(join, cancel);
            return null;
        }
        var reply = OpenReply(join, slot);
        if (reply.Refusal is { } refusal)
        {
            GiveUp();
            throw new RefusedException(refusal.ToInvitee(join.Code));
        }
        if (await MakeFolderAsync(join, reply.Membership!, cancel) is not { } folder) return null;
        folder.Save(stateDirectory);
        GiveUp();
        return folder;
    }

    /// <summary>Does this grid have the invite that was answered?</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancel)
    {
        try
        {
            await grid.ReadMutableAsync(Current().Code.Reply, cancel);
            return true;
        }
        catch (GridException e) when (e.Failure == GridFailure.NotFound)
        {
            return false;
        }
    }

    /// <summary>Forgets about it, keys and all. Whoever has answered may be listed nevertheless, and can then only be removed by the admin.</summary>
    public void GiveUp() => PendingJoin.Remove(stateDirectory);

    private PendingJoin Current() => PendingJoin.Find(stateDirectory) ?? throw new InvalidOperationException("No folder is being joined with this state directory.");

    /// <summary>The Personal is on the grid before anybody can be told of it.</summary>
    private async Task<PendingJoin> MakeAnswerAsync(PendingJoin join, CancellationToken cancel)
    {
        RefuseExpired(join.Code);
        var offer = ReplySlot.Decode((await ReadAsync(join.Code, join.Code.Reply, cancel)).Content);
        RefuseUsed(join.Code, await ReadAsync(join.Code, join.Code.Answer.ToReadCap(), cancel));
        using var keys = MutableKeys.FromPkcs8(join.PersonalKey.AsSpan());
        await grid.CreateMutableAsync(keys, ReadOnlyMemory<byte>.Empty, cancel);
        return join with { Answer = [.. InviteAnswer.Seal(join.Code, keys, Hpke.PublicKeyOf(join.SealKey.AsSpan()), offer.AdminKey.AsSpan(), NewSealKey())] };
    }

    private async Task<MutableVersion> ReadAsync(InviteCode code, MutableReadCap cap, CancellationToken cancel)
    {
        try
        {
            return await grid.ReadMutableAsync(cap, cancel);
        }
        catch (GridException e) when (e.Failure == GridFailure.NotFound)
        {
            throw new GridException(GridFailure.NotFound, $"This grid has nothing for this invite to {code.FolderName}: ask its admin whether both of you use the same storage, or for a new code.", e);
        }
    }

    /// <summary>Sees to it that our answer is there, also when the storage had lost it.</summary>
    private async Task PublishAsync(PendingJoin join, CancellationToken cancel)
    {
        byte[] content = AnswerSlot.Answered([.. join.Answer]).Encode();
        var found = await grid.ReadMutableAsync(join.Code.Answer.ToReadCap(), cancel);
        if (found.Content.Span.SequenceEqual(content)) return;
        RefuseUsed(join.Code, found);
        try
        {
            await grid.PublishMutableAsync(join.Code.Answer, found.Seqnum, content, cancel);
        }
        catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite)
        {
            RefuseUsed(join.Code, await grid.ReadMutableAsync(join.Code.Answer.ToReadCap(), cancel));
            throw;
        }
    }

    private static void RefuseUsed(InviteCode code, MutableVersion found)
    {
        if (found.Content.IsEmpty) return;
        if (ClosedFor(found) is { } closed) throw new RefusedException(closed.ToInvitee(code));
        throw new RefusedException($"This code to join {code.FolderName} was used already; ask the admin for a new one. If it was not you who used it, tell the admin.");
    }

    private static InviteRefusal? ClosedFor(MutableVersion found)
    {
        try
        {
            return AnswerSlot.Decode(found.Content).Closed;
        }
        catch (DamagedBytesException)
        {
            return null;
        }
    }

    private static InviteReply OpenReply(PendingJoin join, ReplySlot slot)
    {
        try
        {
            return InviteReply.Open(join.Code.Id, join.Answer.AsSpan(), join.SealKey.AsSpan(), slot.Reply.AsSpan());
        }
        catch (DamagedBytesException e) when (e.Reason == DamageReason.BadSignature)
        {
            throw new RefusedException($"The admin of {join.Code.FolderName} has replied to somebody else who had this code. Tell the admin, and ask for a new code.");
        }
    }

    /// <summary>Null while the storage shows a list of participants that does not have us yet.</summary>
    private async Task<FolderConfiguration?> MakeFolderAsync(PendingJoin join, InviteMembership membership, CancellationToken cancel)
    {
        if (membership.Folder != join.Code.Folder || membership.Petname != join.Code.Petname || membership.Role != join.Code.Role)
            throw new DamagedBytesException(DamageReason.Malformed, $"The reply is about something else than the invite to {join.Code.FolderName}; ask the admin for a new code.");
        using var keys = MutableKeys.FromPkcs8(join.PersonalKey.AsSpan());
        var version = await grid.ReadMutableAsync(membership.Collective, cancel);
        var roster = Roster.Read(version.Content.Span, membership.Folder);
        if (roster.Members.FirstOrDefault(member => member.Personal.Equals(keys.ToWriteCap().ToReadCap())) is not { } self) return null;
        if (self.Petname != membership.Petname)
            throw new DamagedBytesException(DamageReason.Malformed, $"The list of participants has this computer as {self.Petname}, not as {membership.Petname}; ask the admin for a new code.");
        return new FolderConfiguration(
            membership.Folder, join.Name, join.Grid, join.LeaseSecret, CollectiveAccess.OfReader(membership.Collective), [new LocalParticipant(self.Petname, join.Path, join.PersonalKey)]);
    }

    private void RefuseExpired(InviteCode code)
    {
        if (time.GetUtcNow() > code.Expires)
            throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"This code to join {code.FolderName} expired at {code.Expires:yyyy-MM-dd HH:mm} UTC; ask the admin for a new one."));
    }

    private byte[] NewSealKey()
    {
        Span<byte> bytes = stackalloc byte[Hpke.PrivateKeyLength];
        random.Fill(bytes);
        return Hpke.DerivePrivateKey(bytes);
    }
}
