using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using MagicFolder.Benchmarks;
using MagicFolder.Benchmarks.Counting;
using MagicFolder.Benchmarks.Histories;

if (args is ["counts", ..]) return await CountsCommand.RunAsync(args[1..]);
if (args is ["history", ..]) return await HistoryCommand.RunAsync(args[1..]);

// In this process: BenchmarkDotNet would otherwise build a project of its own, from outside of this repository's locked packages.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
    .AddColumn(new ThroughputColumn())
    .HideColumns(Column.Error, Column.StdDev, Column.Median, Column.RatioSD)
    .WithCultureInfo(CultureInfo.InvariantCulture)
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "magic-folder-benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(ThroughputColumn).Assembly).Run(args, config);
return 0;
