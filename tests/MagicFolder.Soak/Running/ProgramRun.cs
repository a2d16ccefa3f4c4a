namespace MagicFolder.Soak.Running;

/// <summary>One run of the built program, without root's right to read and write everything.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ProgramProcess _process;

    private ProgramRun(ProgramProcess process) => _process = process;

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasEnded;

    internal string Output => _process.Output;

    internal string Errors => _process.Errors;

    internal static ProgramRun Start(Places places, params IEnumerable<string> arguments) => new(new ProgramProcess(places.Home, mortal: true, arguments));

    internal void Signal(int signal) => _process.Signal(signal);

    /// <exception cref="SoakFailure">It does not end, or an exception reached the user.</exception>
    internal async Task<int> EndAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SoakFailure($"the program does not end by itself\n{Output}{Errors}");
        }
        if (Errors.Contains("   at ", StringComparison.Ordinal) || Errors.Contains("Unhandled", StringComparison.Ordinal))
            throw new SoakFailure($"an exception reached the user\n{Errors}");
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();
}
