using System.Diagnostics;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>One run of the built program: its own process, home directory and output. Disposing of a run that goes on kills it.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ProgramProcess _process;

    private ProgramRun(ProgramProcess process) => _process = process;

    internal string Output => _process.Output;

    internal string Errors => _process.Errors;

    internal bool HasEnded => _process.HasEnded;

    internal int Id => _process.Id;

    /// <param name="home">The home directory, which the program's data directory is in.</param>
    /// <param name="mortal">Run without root's right to read and write everything?</param>
    /// <param name="arguments">Those of the program.</param>
    internal static ProgramRun Start(string home, bool mortal, params IEnumerable<string> arguments) => new(new ProgramProcess(home, mortal, arguments));

    internal async Task<ProgramResult> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            Kill();
            throw new TimeoutException($"The program did not end within {Patience}.\n--- output\n{Output}--- errors\n{Errors}---", e);
        }
        return new ProgramResult(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until the program has written this.</summary>
    internal async Task SaysAsync(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal) && !Errors.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasEnded || Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"The program did not say '{text}'.\n--- output\n{Output}--- errors\n{Errors}---");
            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    internal void Kill() => _process.Signal(Soak.Running.Posix.Kill);

    /// <summary>SIGINT: what Ctrl-C sends.</summary>
    internal void Interrupt() => _process.Signal(Soak.Running.Posix.Interrupt);

    public void Dispose() => _process.Dispose();
}
