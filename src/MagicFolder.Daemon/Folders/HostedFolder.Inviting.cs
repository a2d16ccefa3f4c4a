using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Inviting;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Folders;

internal sealed partial class HostedFolder
{
    private readonly SemaphoreSlim _inviting = new(1, 1);
    private volatile IReadOnlyList<Problem> _inviteProblems = [];

    /// <summary>Invites with which something is wrong on the storage, as of the last look.</summary>
    internal IReadOnlyList<Problem> InviteProblems => _inviteProblems;

    internal bool IsAdmin => Configuration.Collective.IsAdmin;

    /// <summary>All invites to it, oldest first.</summary>
    internal IReadOnlyList<PendingInvite> ReadInvites() => Inviter.ReadAll(StateDirectory);

    /// <exception cref="RefusedException">This is not the admin's computer, or the name is taken.</exception>
    internal async Task<PendingInvite> InviteAsync(string petname, ParticipantRole role, TimeSpan lifetime, CancellationToken cancel)
    {
        byte[] grid = await _environment.IdentifyGrid(Configuration.Grid, false, cancel);
        var invite = await WithInviterAsync(inviter => inviter.CreateAsync(petname, role, lifetime, grid, cancel), cancel);
        _events.Invite(Name, invite);
        return invite;
    }

    /// <exception cref="RefusedException">There is none, or it is over.</exception>
    internal async Task<PendingInvite> CancelInviteAsync(string id, CancellationToken cancel)
    {
        var invite = await WithInviterAsync(inviter => inviter.CancelAsync(id, cancel), cancel);
        _events.Invite(Name, invite);
        return invite;
    }

    /// <exception cref="RefusedException">This is not the admin's computer, or nobody is called so.</exception>
    internal async Task RemoveAsync(string petname, CancellationToken cancel)
    {
        if (petname == Self.Name) throw new RefusedException($"{petname} is this computer itself, the admin; 'magic-folder leave' ends its part.");
        await Removal.RemoveAsync(Configuration, petname, await OpenGridAsync(cancel), cancel);
    }

    private async Task<T> WithInviterAsync<T>(Func<Inviter, Task<T>> act, CancellationToken cancel)
    {
        var grid = await OpenGridAsync(cancel);
        await _inviting.WaitAsync(cancel);
        try
        {
            if (_hasEnded) throw NotHere();
            return await act(new Inviter(Configuration, StateDirectory, grid, _environment.NewKeys, _environment.Random, _environment.Time));
        }
        finally
        {
            _inviting.Release();
        }
    }

    /// <summary>Looks for answers to invites as long as there are any under way. What goes wrong is tried again, and does not stop the folder.</summary>
    private async Task CareForInvitesAsync(CancellationToken cancel)
    {
        string? told = null;
        while (IsAdmin && !cancel.IsCancellationRequested)
        {
            try
            {
                if (ReadInvites().Any(invite => !invite.IsSettled)) Tell(await WithInviterAsync(inviter => inviter.PickUpAsync(cancel), cancel));
                else _inviteProblems = [];
                told = null;
            }
            catch (Exception e) when (_hasEnded || e is OperationCanceledException && cancel.IsCancellationRequested)
            {
                return;
            }
            // Whatever it is: nobody waits for this loop, and answers would never be taken any more.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Once, not with every look.
                if (told != e.Message) LogNotLooked(e);
                told = e.Message;
            }
            await Task.Delay(TimeSpan.FromSeconds(_environment.Configuration.PollSeconds), _environment.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A problem once, not with every look.</summary>
    private void Tell(InvitePass pass)
    {
        foreach (var invite in pass.Changed)
        {
            LogInvite(_log, Name, invite.Outcome ?? $"{invite.Petname} has answered");
            _events.Invite(Name, invite);
        }
        var former = _inviteProblems;
        _inviteProblems = pass.Problems;
        foreach (var problem in pass.Problems.Except(former)) LogInviteTrouble(_log, Name, problem.ToString().ReplaceLineEndings(" "));
        if (!pass.Changed.IsEmpty || !pass.Problems.SequenceEqual(former)) _events.FolderChanged(Name);
    }

    private void LogNotLooked(Exception trouble)
    {
        if (KnownTrouble.Is(trouble)) LogInvitesWait(_log, Name, trouble.Message.ReplaceLineEndings(" "));
        else LogUnexpected(_log, Name, trouble);
    }

    [LoggerMessage(EventId = 14, Level = LogLevel.Information, Message = "{Folder}: {What}")]
    private static partial void LogInvite(ILogger log, string folder, string what);

    [LoggerMessage(EventId = 18, Level = LogLevel.Warning, Message = "{Folder}: trouble with {What}.")]
    private static partial void LogInviteTrouble(ILogger log, string folder, string what);

    [LoggerMessage(EventId = 17, Level = LogLevel.Warning, Message = "{Folder}: no answer to an invite can be taken now: {Reason} Trying again.")]
    private static partial void LogInvitesWait(ILogger log, string folder, string reason);
}
